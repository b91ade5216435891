// What do many postings score? Divisions are what costs: four at a time where the processor can.
//
// The compiler turns the loop into vectors; every number comes out as in the loop's plain order of operations, which the Swift engine has too:
// nothing is contracted or reassociated.
#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

static inline __attribute__((always_inline)) void score(const uint32_t *frequencies, const uint32_t *lengths, unsigned count, double weight,
                                                        double fixed_norm, double length_norm, int64_t *scores) {
  const double rounding = 4503599627370496.0; // 2^52
  int64_t zero;
  memcpy(&zero, &rounding, sizeof zero);
  for (unsigned i = 0; i < count; i++) {
    const double frequency = (double)(int32_t)frequencies[i], length = (double)(int32_t)lengths[i];
    const double rounded = weight * frequency / (frequency + fixed_norm + length_norm * length) + rounding;
    int64_t bits;
    memcpy(&bits, &rounded, sizeof bits);
    scores[i] = bits - zero;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void score_avx2(const uint32_t *frequencies, const uint32_t *lengths, unsigned count, double weight,
                                                       double fixed_norm, double length_norm, int64_t *scores) {
  score(frequencies, lengths, count, weight, fixed_norm, length_norm, scores);
}
#endif

/// The lengths of `count` documents; a loop for each width, so that none asks for it.
static void gather(const void *column, unsigned width, const uint32_t *documents, unsigned count, uint32_t *lengths) {
  switch (width) {
  case 0: memset(lengths, 0, count * sizeof *lengths); return;
  case 1:
    for (unsigned i = 0; i < count; i++)
      lengths[i] = ((const uint8_t *)column)[documents[i]];
    return;
  case 2:
    for (unsigned i = 0; i < count; i++) {
      uint16_t length;
      memcpy(&length, (const uint8_t *)column + 2 * (size_t)documents[i], sizeof length);
      lengths[i] = length;
    }
    return;
  default:
    for (unsigned i = 0; i < count; i++)
      memcpy(&lengths[i], (const uint8_t *)column + 4 * (size_t)documents[i], sizeof *lengths);
  }
}

void suoyin_bm25(const uint32_t *documents, const uint32_t *frequencies, unsigned count, const void *column, unsigned width, double weight,
                 double fixed_norm, double length_norm, int64_t *scores) {
  uint32_t lengths[128];
  gather(column, width, documents, count, lengths);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    score_avx2(frequencies, lengths, count, weight, fixed_norm, length_norm, scores);
    return;
  }
#endif
  score(frequencies, lengths, count, weight, fixed_norm, length_norm, scores);
}
