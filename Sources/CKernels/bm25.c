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

void suoyin_bm25(const uint32_t *frequencies, const uint32_t *lengths, unsigned count, double weight, double fixed_norm, double length_norm,
                 int64_t *scores) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    score_avx2(frequencies, lengths, count, weight, fixed_norm, length_norm, scores);
    return;
  }
#endif
  score(frequencies, lengths, count, weight, fixed_norm, length_norm, scores);
}
