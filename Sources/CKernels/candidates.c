// Which of some candidates are in a block, which of them score enough, and what have neighbouring documents scored together?
//
// Each loop looks at many numbers at a time where the processor can, and stands beside the plain loop that it equals.
#include "CKernels.h"

#include <string.h>

static inline uint64_t load64(const void *words, unsigned word) {
  uint64_t value;
  memcpy(&value, (const uint8_t *)words + 8 * word, 8);
  return value;
}

static inline __attribute__((always_inline)) unsigned bit_ranks(const void *words, unsigned count, uint8_t *ranks) {
  unsigned sum = 0;
  for (unsigned word = 0; word < count; word++) {
    ranks[word] = (uint8_t)sum;
    sum += (unsigned)__builtin_popcountll(load64(words, word));
  }
  return sum;
}

static inline __attribute__((always_inline)) unsigned find_in_bits(const void *words, unsigned word_count, uint32_t first,
                                                                   const uint8_t *ranks, const uint32_t *candidates, unsigned count,
                                                                   uint32_t *found, uint32_t *places) {
  unsigned filled = 0;
  for (unsigned i = 0; i < count; i++) {
    // A candidate before the first document becomes a very large number.
    const uint32_t bit = candidates[i] - first;
    const unsigned is_inside = bit < 64 * word_count, word = is_inside ? bit >> 6 : 0;
    const uint64_t bits = load64(words, word);
    found[filled] = i;
    places[filled] = ranks[word] + (unsigned)__builtin_popcountll(bits & (((uint64_t)1 << (bit & 63)) - 1));
    filled += is_inside & (unsigned)(bits >> (bit & 63) & 1);
  }
  return filled;
}

/// Both are walked, from a place each, without a branch that could not be foreseen.
static unsigned walk(const uint32_t *documents, unsigned place, const uint32_t *candidates, unsigned candidate, unsigned count,
                     uint32_t *found, uint32_t *places, unsigned filled) {
  while (place < 128 && candidate < count) {
    const uint32_t left = documents[place], right = candidates[candidate];
    found[filled] = candidate;
    places[filled] = place;
    filled += left == right;
    place += left <= right;
    candidate += right <= left;
  }
  return filled;
}

unsigned suoyin_find128_portable(const uint32_t *documents, const uint32_t *candidates, unsigned count, uint32_t *found, uint32_t *places) {
  return walk(documents, 0, candidates, 0, count, found, places, 0);
}

unsigned suoyin_keep_portable(const uint32_t *documents, const int64_t *scores, unsigned count, int64_t minimum, uint32_t *kept_documents,
                              int64_t *kept_scores) {
  unsigned kept = 0;
  for (unsigned i = 0; i < count; i++) {
    const int64_t score = scores[i];
    kept_documents[kept] = documents[i];
    kept_scores[kept] = score;
    kept += score >= minimum;
  }
  return kept;
}

unsigned suoyin_drain_portable(int64_t *sums, uint64_t *matches, unsigned words, int64_t minimum, uint32_t base, uint32_t *documents,
                               int64_t *scores) {
  unsigned filled = 0;
  for (unsigned slot = 0; slot < 64 * words; slot++) {
    const int64_t sum = sums[slot];
    sums[slot] = 0;
    documents[filled] = base + slot;
    scores[filled] = sum;
    filled += sum >= minimum && (matches[slot / 64] >> slot % 64 & 1);
  }
  memset(matches, 0, words * sizeof *matches);
  return filled;
}

void suoyin_add_scores(const uint32_t *documents, const int64_t *scores, unsigned count, uint32_t base, int64_t *sums, uint64_t *matches) {
  for (unsigned i = 0; i < count; i++) {
    const uint32_t slot = documents[i] - base;
    sums[slot] += scores[i];
    // A store that waits for no load: a bit for each slot would.
    matches[slot >> 6] = ~(uint64_t)0;
  }
}

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

static inline int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }

AVX2 static unsigned bit_ranks_avx2(const void *words, unsigned count, uint8_t *ranks) { return bit_ranks(words, count, ranks); }

AVX2 static unsigned find_in_bits_avx2(const void *words, unsigned word_count, uint32_t first, const uint8_t *ranks,
                                       const uint32_t *candidates, unsigned count, uint32_t *found, uint32_t *places) {
  return find_in_bits(words, word_count, first, ranks, candidates, count, found, places);
}

/// A bit for each of sixteen numbers that equals the wanted one.
AVX2 static inline unsigned equal16(const uint32_t *numbers, __m256i wanted) {
  const __m256i low = _mm256_cmpeq_epi32(_mm256_loadu_si256((const __m256i *)numbers), wanted);
  const __m256i high = _mm256_cmpeq_epi32(_mm256_loadu_si256((const __m256i *)(numbers + 8)), wanted);
  return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(low)) | (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(high)) << 8;
}

/// The last documents of the eight groups of sixteen say which group a candidate would be in: no branch, and no turn waits for another.
AVX2 static unsigned find_few_avx2(const uint32_t *documents, const uint32_t *candidates, unsigned count, uint32_t *found, uint32_t *places) {
  const __m256i lasts = _mm256_setr_epi32((int)documents[15], (int)documents[31], (int)documents[47], (int)documents[63],
                                          (int)documents[79], (int)documents[95], (int)documents[111], (int)documents[127]);
  unsigned filled = 0;
  for (unsigned i = 0; i < count; i++) {
    const __m256i wanted = _mm256_set1_epi32((int)candidates[i]);
    const __m256i reaches = _mm256_cmpeq_epi32(_mm256_max_epu32(lasts, wanted), lasts);
    const unsigned group = 16 * (unsigned)__builtin_ctz((unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(reaches)) | 0x80);
    const unsigned equal = equal16(documents + group, wanted);
    found[filled] = i;
    places[filled] = group + (unsigned)__builtin_ctz(equal | 0x10000);
    filled += equal != 0;
  }
  return filled;
}

/// Many candidates: each document is looked for among them.
AVX2 static unsigned find_many_avx2(const uint32_t *documents, const uint32_t *candidates, unsigned count, uint32_t *found, uint32_t *places) {
  unsigned filled = 0, candidate = 0;
  for (unsigned place = 0; place < 128; place++) {
    const uint32_t document = documents[place];
    while (candidate + 16 <= count && candidates[candidate + 15] < document)
      candidate += 16;
    if (candidate + 16 > count)
      return walk(documents, place, candidates, candidate, count, found, places, filled);
    const unsigned equal = equal16(candidates + candidate, _mm256_set1_epi32((int)document));
    found[filled] = candidate + (unsigned)__builtin_ctz(equal | 0x10000);
    places[filled] = place;
    filled += equal != 0;
  }
  return filled;
}

/// For each set of four lanes, those lanes first: as bytes of four 32-bit numbers, and as halves of four 64-bit numbers.
static uint8_t document_lanes[16][16];
static uint32_t score_lanes[16][8];

__attribute__((constructor)) static void fill_lanes(void) {
  for (unsigned set = 0; set < 16; set++)
    for (unsigned lane = 0, filled = 0; lane < 4; lane++)
      if (set >> lane & 1) {
        for (unsigned byte = 0; byte < 4; byte++)
          document_lanes[set][4 * filled + byte] = (uint8_t)(4 * lane + byte);
        score_lanes[set][2 * filled] = 2 * lane;
        score_lanes[set][2 * filled + 1] = 2 * lane + 1;
        filled++;
      }
}

/// Four at a time, without a branch for each: the kept ones are moved together, and what is written behind them is written over.
AVX2 static unsigned keep_avx2(const uint32_t *documents, const int64_t *scores, unsigned count, int64_t minimum, uint32_t *kept_documents,
                               int64_t *kept_scores) {
  const __m256i least = _mm256_set1_epi64x(minimum);
  unsigned kept = 0, i = 0;
  for (; i + 4 <= count; i += 4) {
    const __m256i four = _mm256_loadu_si256((const __m256i *)(scores + i));
    const unsigned set = 0xF & ~(unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(least, four)));
    if (set == 0)
      continue;
    const __m128i four_documents = _mm_loadu_si128((const __m128i *)(documents + i));
    const __m128i document_order = _mm_loadu_si128((const __m128i *)document_lanes[set]);
    const __m256i score_order = _mm256_loadu_si256((const __m256i *)score_lanes[set]);
    _mm_storeu_si128((__m128i *)(kept_documents + kept), _mm_shuffle_epi8(four_documents, document_order));
    _mm256_storeu_si256((__m256i *)(kept_scores + kept), _mm256_permutevar8x32_epi32(four, score_order));
    kept += (unsigned)__builtin_popcount(set);
  }
  return kept + suoyin_keep_portable(documents + i, scores + i, count - i, minimum, kept_documents + kept, kept_scores + kept);
}

AVX2 static unsigned drain_avx2(int64_t *sums, uint64_t *matches, unsigned words, int64_t minimum, uint32_t base, uint32_t *documents,
                                int64_t *scores) {
  const __m256i least = _mm256_set1_epi64x(minimum), zero = _mm256_setzero_si256();
  unsigned filled = 0;
  for (unsigned word = 0; word < words; word++) {
    if (matches[word] == 0)
      continue;
    int64_t *const here = sums + 64 * word;
    uint64_t small = 0;
    for (unsigned i = 0; i < 64; i += 4) {
      const __m256i below = _mm256_cmpgt_epi64(least, _mm256_loadu_si256((const __m256i *)(here + i)));
      small |= (uint64_t)(unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(below)) << i;
    }
    for (uint64_t enough = matches[word] & ~small; enough != 0; enough &= enough - 1) {
      const unsigned slot = (unsigned)__builtin_ctzll(enough);
      documents[filled] = base + 64 * word + slot;
      scores[filled++] = here[slot];
    }
    matches[word] = 0;
    for (unsigned i = 0; i < 64; i += 4)
      _mm256_storeu_si256((__m256i *)(here + i), zero);
  }
  return filled;
}

AVX2 static unsigned count_through_avx2(const uint32_t *numbers, unsigned count, uint32_t last) {
  const __m256i limit = _mm256_set1_epi32((int)last);
  unsigned i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256i next = _mm256_loadu_si256((const __m256i *)(numbers + i));
    const __m256i within = _mm256_cmpeq_epi32(_mm256_max_epu32(next, limit), limit);
    const unsigned behind = 0xFF & ~(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(within));
    if (behind != 0)
      return i + (unsigned)__builtin_ctz(behind);
  }
  while (i < count && numbers[i] <= last)
    i++;
  return i;
}
#else
static inline int has_avx2(void) { return 0; }
#define bit_ranks_avx2 bit_ranks
#define find_in_bits_avx2 find_in_bits
#define find_few_avx2 suoyin_find128_portable
#define find_many_avx2 suoyin_find128_portable
#define keep_avx2 suoyin_keep_portable
#define drain_avx2 suoyin_drain_portable
#define count_through_avx2 suoyin_count_through_portable
#endif

unsigned suoyin_count_through_portable(const uint32_t *numbers, unsigned count, uint32_t last) {
  unsigned i = 0;
  while (i < count && numbers[i] <= last)
    i++;
  return i;
}

unsigned suoyin_bit_ranks(const void *words, unsigned count, uint8_t *ranks) {
  return has_avx2() ? bit_ranks_avx2(words, count, ranks) : bit_ranks(words, count, ranks);
}

unsigned suoyin_find_in_bits(const void *words, unsigned word_count, uint32_t first, const uint8_t *ranks, const uint32_t *candidates,
                             unsigned count, uint32_t *found, uint32_t *places) {
  return has_avx2() ? find_in_bits_avx2(words, word_count, first, ranks, candidates, count, found, places)
                    : find_in_bits(words, word_count, first, ranks, candidates, count, found, places);
}

unsigned suoyin_find128(const uint32_t *documents, const uint32_t *candidates, unsigned count, uint32_t *found, uint32_t *places) {
  if (!has_avx2())
    return suoyin_find128_portable(documents, candidates, count, found, places);
  return count <= 128 ? find_few_avx2(documents, candidates, count, found, places)
                      : find_many_avx2(documents, candidates, count, found, places);
}

unsigned suoyin_keep(const uint32_t *documents, const int64_t *scores, unsigned count, int64_t minimum, uint32_t *kept_documents,
                     int64_t *kept_scores) {
  return has_avx2() ? keep_avx2(documents, scores, count, minimum, kept_documents, kept_scores)
                    : suoyin_keep_portable(documents, scores, count, minimum, kept_documents, kept_scores);
}

void suoyin_mark(const uint32_t *documents, unsigned count, uint64_t *words) {
  for (unsigned i = 0; i < count; i++)
    words[documents[i] >> 6] |= (uint64_t)1 << (documents[i] & 63);
}

unsigned suoyin_drain(int64_t *sums, uint64_t *matches, unsigned words, int64_t minimum, uint32_t base, uint32_t *documents,
                      int64_t *scores) {
  return has_avx2() ? drain_avx2(sums, matches, words, minimum, base, documents, scores)
                    : suoyin_drain_portable(sums, matches, words, minimum, base, documents, scores);
}

unsigned suoyin_count_through(const uint32_t *numbers, unsigned count, uint32_t last) {
  return has_avx2() ? count_through_avx2(numbers, count, last) : suoyin_count_through_portable(numbers, count, last);
}
