// How do numbers become variable bytes, and come back? Seven bits in each byte, the lowest first; a byte from 128 on is not its number's last.
#include "CKernels.h"

#include <string.h>

/// One number; 0 when it ends too early or has more than 32 bits, else how many bytes it has.
static inline size_t read_one(const uint8_t *bytes, size_t length, uint32_t *number) {
  uint64_t value = 0;
  for (size_t i = 0; i < length && i < 5; i++) {
    value |= (uint64_t)(bytes[i] & 0x7F) << 7 * i;
    if (bytes[i] < 0x80) {
      *number = (uint32_t)value;
      return value <= UINT32_MAX ? i + 1 : 0;
    }
  }
  return 0;
}

ptrdiff_t suoyin_read_variables_portable(const uint8_t *bytes, size_t length, uint32_t *numbers) {
  size_t offset = 0, count = 0;
  while (offset < length) {
    const size_t taken = read_one(bytes + offset, length - offset, &numbers[count]);
    if (taken == 0)
      return -1;
    offset += taken;
    count += 1;
  }
  return (ptrdiff_t)count;
}

#if defined(__x86_64__)
#include <immintrin.h>

/// For the upper bits of eight bytes: of the numbers of one or two bytes that they begin with how many there are, how many bytes they take, and
/// which bytes each has.
static struct { uint8_t bytes[16], count, length; } numbers_of[256];

__attribute__((constructor)) static void fill_numbers_of(void) {
  for (unsigned upper = 0; upper < 256; upper++) {
    memset(numbers_of[upper].bytes, 0x80, 16);
    unsigned place = 0, count = 0;
    while (place < 8) {
      const unsigned size = (upper >> place & 1) + 1;
      if (place + size > 8 || upper >> (place + size - 1) & 1)
        break;
      for (unsigned byte = 0; byte < size; byte++)
        numbers_of[upper].bytes[2 * count + byte] = (uint8_t)(place + byte);
      place += size;
      count += 1;
    }
    numbers_of[upper].count = (uint8_t)count;
    numbers_of[upper].length = (uint8_t)place;
  }
}

/// Reads the numbers of one or two bytes that eight bytes begin with, and returns the upper bits of these bytes.
__attribute__((target("avx2"))) static inline unsigned read_short_ones(uint64_t bytes, uint32_t *numbers) {
  const __m128i eight = _mm_cvtsi64_si128((long long)bytes);
  const unsigned upper = (unsigned)_mm_movemask_epi8(eight);
  const __m128i pairs = _mm_shuffle_epi8(eight, _mm_loadu_si128((const __m128i *)numbers_of[upper].bytes));
  const __m128i low = _mm_and_si128(pairs, _mm_set1_epi16(0x7F));
  const __m128i high = _mm_and_si128(_mm_srli_epi16(pairs, 1), _mm_set1_epi16(0x3F80));
  _mm256_storeu_si256((__m256i *)numbers, _mm256_cvtepu16_epi32(_mm_or_si128(low, high)));
  return upper;
}

/// - Parameter length: At least eight.
__attribute__((target("avx2"))) static ptrdiff_t read_variables_avx2(const uint8_t *bytes, size_t length, uint32_t *numbers) {
  size_t offset = 0, count = 0;
  while (offset < length) {
    // The last eight bytes once more, those that have been read shifted out, and behind the end a number that has no last byte.
    const size_t left = length - offset;
    uint64_t eight;
    memcpy(&eight, bytes + (left < 8 ? length - 8 : offset), 8);
    if (left < 8)
      eight = eight >> (64 - 8 * left) | (uint64_t)0x8080808080808080 << 8 * left;
    const unsigned upper = read_short_ones(eight, numbers + count);
    offset += numbers_of[upper].length;
    count += numbers_of[upper].count;
    if (numbers_of[upper].count > 0)
      continue;
    // It begins with a number of three bytes or more.
    const size_t taken = read_one(bytes + offset, left, &numbers[count]);
    if (taken == 0)
      return -1;
    offset += taken;
    count += 1;
  }
  return (ptrdiff_t)count;
}
#endif

ptrdiff_t suoyin_read_variables(const uint8_t *bytes, size_t length, uint32_t *numbers) {
#if defined(__x86_64__)
  if (length >= 8 && __builtin_cpu_supports("avx2"))
    return read_variables_avx2(bytes, length, numbers);
#endif
  return suoyin_read_variables_portable(bytes, length, numbers);
}

/// Writes a number, and perhaps a byte behind it that does not count. Returns how many count.
static inline __attribute__((always_inline)) unsigned write_one(uint64_t number, uint8_t *bytes) {
  // Whether one byte is enough or two cannot be foreseen.
  if (number < 1 << 14) {
    const unsigned has_two = number > 0x7F;
    bytes[0] = (uint8_t)((number & 0x7F) | has_two << 7);
    bytes[1] = (uint8_t)(number >> 7);
    return 1 + has_two;
  }
  unsigned length = 0;
  for (; number > 0x7F; number >>= 7)
    bytes[length++] = (uint8_t)(number | 0x80);
  bytes[length] = (uint8_t)number;
  return length + 1;
}

size_t suoyin_write_variables(const uint32_t *numbers, size_t count, uint8_t *bytes) {
  size_t length = 0;
  for (size_t i = 0; i < count; i++)
    length += write_one(numbers[i], bytes + length);
  return length;
}

size_t suoyin_write_tail(const uint32_t *documents, const uint32_t *frequencies, size_t count, uint32_t previous, uint8_t *bytes) {
  size_t length = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t is_one = frequencies[i] == 1;
    length += write_one((uint64_t)(documents[i] - previous) << 1 | is_one, bytes + length);
    if (!is_one)
      length += write_one(frequencies[i] - 2, bytes + length);
    previous = documents[i];
  }
  return length;
}

ptrdiff_t suoyin_split_tail(const uint32_t *values, size_t value_count, size_t count, uint32_t limit, uint32_t *documents,
                         uint32_t *frequencies, uint64_t *frequency_sum) {
  size_t next = 0;
  uint64_t document = 0, sum = 0;
  uint32_t is_wrong = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t code = values[next], is_one = code & 1, frequency = is_one ? 1 : values[next + 1] + 2;
    next += 2 - is_one;
    document += code >> 1;
    // Two documents in the same place, or a frequency of 31 bits.
    is_wrong |= (code < 2) & (i > 0);
    is_wrong |= !is_one & (values[next - 1] >= INT32_MAX - 2);
    documents[i] = (uint32_t)document;
    frequencies[i] = frequency;
    sum += frequency;
  }
  *frequency_sum = sum;
  return is_wrong || next > value_count || document >= limit ? -1 : (ptrdiff_t)next;
}
