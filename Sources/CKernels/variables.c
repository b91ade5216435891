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

/// Reads a number, of which all bytes but the first may lie behind the list. Returns where the next one begins, or NULL when it has more than 32 bits.
static const uint8_t *pass_one(const uint8_t *bytes, uint32_t *number) {
  const size_t taken = read_one(bytes, 5, number);
  return taken == 0 ? NULL : bytes + taken;
}

/// Reads a posting of a tail, which may end behind the list, and says where its first number ends. Returns where the next posting begins, or NULL
/// when a number has more than 32 bits.
static inline __attribute__((always_inline)) const uint8_t *pass_posting(const uint8_t *bytes, uint32_t *code, uint32_t *more,
                                                                         const uint8_t **code_end) {
  // Whether the first number has one byte or two, and whether there is a second, cannot be foreseen.
  const uint32_t first = bytes[0], second = bytes[1], has_two = first >> 7, has_more = ~first & 1;
  const uint32_t next = bytes[1 + has_two];
  if (__builtin_expect((has_two & second >> 7) | (has_more & next >> 7), 0)) {
    *more = 0;
    *code_end = pass_one(bytes, code);
    return *code_end && has_more ? pass_one(*code_end, more) : *code_end;
  }
  *code = (first & 0x7F) | (second & -has_two) << 7;
  *more = next & -has_more;
  *code_end = bytes + 1 + has_two;
  return *code_end + has_more;
}

ptrdiff_t suoyin_read_tail(const uint8_t *bytes, size_t length, size_t count, uint32_t limit, uint32_t *documents, uint32_t *frequencies,
                           uint64_t *frequency_sum) {
  const uint8_t *const end = bytes + length, *from = bytes, *code_end;
  uint64_t document = 0, sum = 0;
  uint32_t is_wrong = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t code, more;
    if (from >= end || !(from = pass_posting(from, &code, &more, &code_end)))
      return -1;
    // Two documents in the same place, or a frequency of 31 bits.
    is_wrong |= ((code < 2) & (i > 0)) | (more >= INT32_MAX - 2);
    document += code >> 1;
    documents[i] = (uint32_t)document;
    frequencies[i] = more + 2 - (code & 1);
    sum += frequencies[i];
  }
  *frequency_sum = sum;
  return is_wrong || from > end || document >= limit ? -1 : from - bytes;
}

/// Writes a number as `write_one` does, three bytes as fast as one, and perhaps two bytes behind it.
static inline __attribute__((always_inline)) unsigned write_beginning(uint64_t number, uint8_t *bytes) {
  if (number >= 1 << 21)
    return write_one(number, bytes);
  const unsigned has_two = number > 0x7F, has_three = number > 0x3FFF;
  bytes[0] = (uint8_t)((number & 0x7F) | has_two << 7);
  bytes[1] = (uint8_t)((number >> 7 & 0x7F) | has_three << 7);
  bytes[2] = (uint8_t)(number >> 14);
  return 1 + has_two + has_three;
}

/// Copies numbers, sixteen bytes at a time and at least. Returns how many numbers they are: a byte below 128 ends one.
static inline __attribute__((always_inline)) size_t copy_numbers(uint8_t *to, const uint8_t *from, size_t length) {
  static const uint8_t upper_bits[32] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
  size_t count = 0, done = 0;
  do {
    const size_t left = length - done;
    uint64_t bytes[2], upper[2];
    memcpy(bytes, from + done, 16);
    memcpy(to + done, bytes, 16);
    memcpy(upper, upper_bits + (left < 16 ? 16 - left : 0), 16);
    const uint64_t ends = ((~bytes[0] & upper[0]) >> 7) + ((~bytes[1] & upper[1]) >> 7);
    count += ends * 0x0101010101010101 >> 56;
    done += 16;
  } while (done < length);
  return count;
}

ptrdiff_t suoyin_join_tails(struct suoyin_tail *tails, size_t tail_count, int has_positions, uint8_t *bytes) {
  uint8_t *to = bytes;
  // The last document of the lists before.
  uint64_t last = 0;
  for (size_t i = 0; i < tail_count; i++) {
    struct suoyin_tail *const tail = &tails[i];
    const uint8_t *const end = tail->bytes + tail->length, *first_end, *code_end;
    uint32_t first_code, code, more;
    const uint8_t *from = pass_posting(tail->bytes, &first_code, &more, &first_end);
    if (!from)
      return -1;
    // Two documents in the same place, or a frequency of 31 bits.
    uint32_t is_wrong = more >= INT32_MAX - 2;
    uint64_t document = first_code >> 1, sum = more;
    uint32_t ones = first_code & 1;
    for (uint32_t n = 1; n < tail->count; n++) {
      if (from >= end || !(from = pass_posting(from, &code, &more, &code_end)))
        return -1;
      is_wrong |= (code < 2) | (more >= INT32_MAX - 2);
      document += code >> 1;
      sum += more;
      ones += code & 1;
    }
    const uint64_t first = (uint64_t)(first_code >> 1) + tail->shift;
    if (is_wrong || from > end || document >= tail->limit || (i > 0 && first <= last))
      return -1;
    to += write_beginning((first - last) << 1 | (first_code & 1), to);
    copy_numbers(to, first_end, (size_t)(from - first_end));
    to += from - first_end;
    last = document + tail->shift;
    tail->bytes = from;
    tail->length = (size_t)(end - from);
    // `sum` has of each frequency but 1 what is more than two.
    tail->position_count = has_positions ? sum + 2 * (uint64_t)tail->count - ones : 0;
  }
  for (size_t i = 0; i < tail_count; i++) {
    const size_t length = tails[i].length;
    if (copy_numbers(to, tails[i].bytes, length) != tails[i].position_count || (length > 0 && tails[i].bytes[length - 1] > 0x7F))
      return -1;
    to += length;
  }
  return to - bytes;
}
