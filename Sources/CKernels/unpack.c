// How do 128 numbers come out of few bits at once? In Swift the same loops take a third more: its shifts of vectors know no constant counts.
//
// Source: Lemire & Boytsov, "Decoding billions of integers per second through vectorization", 2015: four lanes side by side.
#include "CKernels.h"

#include <string.h>

typedef uint32_t lanes __attribute__((vector_size(16)));

static inline lanes load(const uint8_t *bytes) {
  lanes v;
  memcpy(&v, bytes, 16);
  return v;
}

static inline void store(uint32_t *numbers, lanes v) { memcpy(numbers, &v, 16); }

/// Row `row` of 32, `width` being a constant in every call.
#define ROW(row) \
  { \
    const unsigned bit = (row) * width, word = bit / 32, shift = bit % 32; \
    lanes v = load(bytes + 16 * word) >> shift; \
    if (shift + width > 32) \
      v |= load(bytes + 16 * (word + 1)) << (32 - shift); \
    v &= mask; \
    EMIT(row, v) \
  }
#define ROWS8(row) ROW(row) ROW(row + 1) ROW(row + 2) ROW(row + 3) ROW(row + 4) ROW(row + 5) ROW(row + 6) ROW(row + 7)
#define ALL_ROWS ROWS8(0) ROWS8(8) ROWS8(16) ROWS8(24)

static inline __attribute__((always_inline)) void unpack(const uint8_t *bytes, const unsigned width, const lanes addend, uint32_t *numbers) {
  const uint32_t mask = width == 32 ? 0xFFFFFFFFu : (1u << width) - 1;
#define EMIT(row, v) store(numbers + 4 * (row), v + addend);
  ALL_ROWS
#undef EMIT
}

/// Makes the four gaps less one in `v` ascending numbers behind `last`, which becomes the last of them four times.
#define ASCEND(row, v) \
  v += __builtin_shufflevector((lanes){0, 0, 0, 0}, v, 0, 4, 5, 6); \
  v += __builtin_shufflevector((lanes){0, 0, 0, 0}, v, 0, 1, 4, 5); \
  v += last + (lanes){1, 2, 3, 4}; \
  last = __builtin_shufflevector(v, v, 3, 3, 3, 3); \
  store(numbers + 4 * (row), v);

static inline __attribute__((always_inline)) void unpack_ascending(const uint8_t *bytes, const unsigned width, uint32_t base,
                                                                   uint32_t *numbers) {
  const uint32_t mask = width == 32 ? 0xFFFFFFFFu : (1u << width) - 1;
  lanes last = {base, base, base, base};
#define EMIT(row, v) ASCEND(row, v)
  ALL_ROWS
#undef EMIT
}

#define WIDTHS(CASE) \
  CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14) CASE(15) CASE(16) \
  CASE(17) CASE(18) CASE(19) CASE(20) CASE(21) CASE(22) CASE(23) CASE(24) CASE(25) CASE(26) CASE(27) CASE(28) CASE(29) CASE(30) CASE(31) \
  CASE(32)

void suoyin_unpack128(const void *bytes, unsigned width, uint32_t addend, uint32_t *numbers) {
  const lanes addends = {addend, addend, addend, addend};
  switch (width) {
#define CASE(w) case w: unpack(bytes, w, addends, numbers); return;
    WIDTHS(CASE)
#undef CASE
  default:
    for (unsigned row = 0; row < 32; row++)
      store(numbers + 4 * row, addends);
  }
}

void suoyin_unpack_ascending128(const void *bytes, unsigned width, uint32_t base, uint32_t *numbers) {
  switch (width) {
#define CASE(w) case w: unpack_ascending(bytes, w, base, numbers); return;
    WIDTHS(CASE)
#undef CASE
  default: for (uint32_t i = 0; i < 128; i++) numbers[i] = base + 1 + i;
  }
}

void suoyin_ascend128(uint32_t base, uint32_t *numbers) {
  lanes last = {base, base, base, base};
#pragma clang loop unroll(full)
  for (unsigned row = 0; row < 32; row++) {
    lanes v = load((const uint8_t *)(numbers + 4 * row));
    ASCEND(row, v)
  }
}

/// For each byte, the places of its bits, a byte each.
static uint8_t places_of_bits[256][8];

__attribute__((constructor)) static void fill_places_of_bits(void) {
  for (unsigned byte = 0; byte < 256; byte++)
    for (unsigned bit = 0, filled = 0; bit < 8; bit++)
      if (byte >> bit & 1)
        places_of_bits[byte][filled++] = (uint8_t)bit;
}

unsigned suoyin_bits_to_numbers(const void *words, unsigned count, uint32_t base, uint32_t *numbers) {
  typedef uint8_t bytes8 __attribute__((vector_size(8)));
  typedef uint32_t numbers8 __attribute__((vector_size(32)));
  const uint8_t *bytes = words;
  unsigned filled = 0;
  for (unsigned byte = 0; byte < 8 * count; byte++) {
    bytes8 places;
    memcpy(&places, places_of_bits[bytes[byte]], 8);
    const numbers8 wide = __builtin_convertvector(places, numbers8) + (base + 8 * byte);
    memcpy(numbers + filled, &wide, 32);
    filled += (unsigned)__builtin_popcount(bytes[byte]);
  }
  return filled;
}

void suoyin_unpack128_portable(const void *bytes, unsigned width, uint32_t *numbers) {
  const uint8_t *p = bytes;
  for (unsigned i = 0; i < 128; i++) {
    uint32_t number = 0;
    for (unsigned b = 0; b < width; b++) {
      const unsigned bit = i / 4 * width + b, word = bit / 32 * 4 + i % 4;
      number |= (uint32_t)(p[4 * word + bit % 32 / 8] >> bit % 8 & 1) << b;
    }
    numbers[i] = number;
  }
}
