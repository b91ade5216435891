// Which few loops does portable Swift not express well? Each stands beside its plain equivalent, which is its oracle.
#ifndef SUOYIN_CKERNELS_H
#define SUOYIN_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `length` bytes, continuing from `seed` (0 to begin).
///
/// Uses the SSE4.2 instruction where the processor has it, else `suoyin_crc32c_portable`.
uint32_t suoyin_crc32c(uint32_t seed, const void *bytes, size_t length);

/// The same value from a byte-wise table: the oracle of the fast path, and the fallback.
uint32_t suoyin_crc32c_portable(uint32_t seed, const void *bytes, size_t length);

/// Unpacks 128 numbers of `width` bits (0 to 32), laid in four lanes: number i is in lane i % 4, at bit (i / 4) * width of the lane, whose
/// 32-bit words stand at every fourth place. Adds `addend` to each. Reads 16 * width bytes.
void suoyin_unpack128(const void *bytes, unsigned width, uint32_t addend, uint32_t *numbers);

/// The same without an addend, then each number becomes the sum of `base`, itself and all numbers before it, and one more for each of them: gaps less one
/// become ascending documents.
void suoyin_unpack_ascending128(const void *bytes, unsigned width, uint32_t base, uint32_t *numbers);

/// The second half of `suoyin_unpack_ascending128`, for numbers that had to be mended in between.
void suoyin_ascend128(uint32_t base, uint32_t *numbers);

/// Writes the places of the bits that are set in `count` 64-bit words, each plus `base`, ascending, and returns how many there are. Up to
/// eight further numbers are written behind them.
unsigned suoyin_bits_to_numbers(const void *words, unsigned count, uint32_t base, uint32_t *numbers);

/// Writes `count` 64-bit words with a bit for each of 128 ascending numbers, which are at least `base` and less than 64 * `count` greater.
void suoyin_numbers_to_bits128(const uint32_t *numbers, uint32_t base, unsigned count, uint8_t *words);

/// Packs 128 numbers, each below 2^width, as `suoyin_unpack128` reads them. Writes 16 * width bytes.
void suoyin_pack128(const uint32_t *numbers, unsigned width, void *bytes);

/// Writes numbers of `width` bits side by side, the lowest bit first. Returns how many bytes they take; sixteen more may be written.
size_t suoyin_pack_bits(const uint32_t *numbers, size_t count, unsigned width, uint8_t *bytes);

/// Reads `count` numbers that `suoyin_pack_bits` wrote, for which `length` bytes are enough. Up to seven further numbers may be written.
void suoyin_unpack_bits(const uint8_t *bytes, size_t length, size_t count, unsigned width, uint32_t *numbers);

/// The most exceptions of a packed block; and the frequency from which on none has a place of its own in `Frontier.least`.
enum { SUOYIN_MOST_EXCEPTIONS = 15, SUOYIN_SMALL_FREQUENCIES = 32 };

/// The width at which 128 numbers take the fewest bytes, 16 a bit and two for each number that is wider, by at most eight bits; and how many of
/// those there are, none unless they save more than `least_gain` bytes.
unsigned suoyin_best_width128(const uint32_t *numbers, unsigned least_gain, unsigned *exceptions);

/// Takes the bits above `width` from those of 128 numbers that have any: for each its place and these bits, two bytes. Returns how many.
unsigned suoyin_split_exceptions128(uint32_t *numbers, unsigned width, uint8_t *exceptions);

/// How many documents lie between each of 128 ascending ones and the one before it; before the first that is `previous`.
void suoyin_gaps128(const uint32_t *documents, uint32_t previous, uint32_t *gaps);

/// The sum of numbers, and the least of them; UINT32_MAX of none.
uint64_t suoyin_sum(const uint32_t *numbers, size_t count, uint32_t *least);

struct suoyin_block_summary {
  uint64_t frequency_sum;
  uint32_t greatest_frequency;
};

/// Sums up 128 postings. For each frequency that one of them has, below `SUOYIN_SMALL_FREQUENCIES`, the least length of those that have it goes to
/// its place in `least`, which has UINT32_MAX everywhere before. A length is at the document's place; with NULL all are 0.
struct suoyin_block_summary suoyin_summary128(const uint32_t *documents, const uint32_t *frequencies, const uint32_t *lengths,
                                              uint32_t *least);

/// Reads all numbers that `length` bytes hold in groups of seven bits, the lowest group first, the upper bit marking that more follow. Returns how many
/// there are, at most `length`; -1 when one has more than 32 bits or the last ends too early. Up to eight further numbers may be written.
ptrdiff_t suoyin_read_variables(const uint8_t *bytes, size_t length, uint32_t *numbers);

/// Writes numbers as `suoyin_read_variables` reads them. Returns how many bytes they take, at most five each; one more may be written.
size_t suoyin_write_variables(const uint32_t *numbers, size_t count, uint8_t *bytes);

/// Writes postings without blocks, documents ascending behind `previous`, all below 2^31, in the same way: for each the difference twice, and one more
/// where the frequency is 1; where it is not, a second number follows, the frequency less two. Returns how many bytes they take, at most ten each; one more may be written.
size_t suoyin_write_tail(const uint32_t *documents, const uint32_t *frequencies, size_t count, uint32_t previous, uint8_t *bytes);

/// Reads `count` postings that `suoyin_write_tail` wrote behind 0: documents, which must ascend and be below `limit`, and frequencies, which must be below
/// 2^31. Sixteen bytes behind `length` can be read, too. Returns how many bytes they took, or -1 when they are none.
ptrdiff_t suoyin_read_tail(const uint8_t *bytes, size_t length, size_t count, uint32_t limit, uint32_t *documents, uint32_t *frequencies,
                           uint64_t *frequency_sum);

/// A posting list without blocks, of `count` documents below `limit`, to each of which `shift` is added; positions follow the numbers that
/// `suoyin_write_tail` wrote behind 0. Sixteen bytes behind it can be read, too.
struct suoyin_tail {
  const uint8_t *bytes;
  size_t length;
  uint64_t position_count;
  uint32_t count, limit, shift;
};

/// Writes lists as one, without taking positions apart, and uses up `tails`. None is empty. Returns how many bytes it has, at most four more for each list than
/// they have, and sixteen more may be written; -1 when a list does not begin behind the one before, or is none.
ptrdiff_t suoyin_join_tails(struct suoyin_tail *tails, size_t tail_count, int has_positions, uint8_t *bytes);

/// BM25 of `count` postings, at most 128, in fixed point: for each, weight * f / (f + fixed_norm + length_norm * l), rounded to the nearest
/// integer, even ones in the middle. The length l is in a column, at the document's place: a little-endian number of 1, 2 or 4 bytes; where
/// `width` is 0 it is 0. Frequencies and lengths are below 2^31, results below 2^51. `BM25.score(frequency:length:)` is its oracle.
void suoyin_bm25(const uint32_t *documents, const uint32_t *frequencies, unsigned count, const void *column, unsigned width, double weight,
                 double fixed_norm, double length_norm, int64_t *scores);

/// BM25 of one list, as in `suoyin_bm25`; `limit` is more than any score.
struct suoyin_similarity {
  double weight, fixed_norm, length_norm;
  int64_t limit;
};

/// The most that a posting of each of `count` blocks of a posting list scores, and one; `limit` where that is not known. And a score that one of
/// them reaches; 0 where none is known. `reached` may be NULL.
///
/// Entries of 12 bytes, all of them inside the list, have at their fifth byte where the block is behind `body`; its fourth byte says of how many
/// pairs its frontier is, which stand behind it. Frontiers are compared with the list's length.
void suoyin_block_bounds(const uint8_t *bytes, size_t length, size_t entries, size_t body, unsigned count,
                         struct suoyin_similarity similarity, int64_t *bounds, int64_t *reached);

/// For each of `count` 64-bit words of a bitmap, how many bits are set before it, modulo 256. Returns how many are set.
unsigned suoyin_bit_ranks(const void *words, unsigned count, uint8_t *ranks);

/// Which of `count` candidates, ascending, are among the bits of a bitmap of at least one word whose first bit stands for `first`: for each
/// its place among the candidates and its place among the bits that are set, which `ranks` help to count. Returns how many; one more may be written.
unsigned suoyin_find_in_bits(const void *words, unsigned word_count, uint32_t first, const uint8_t *ranks, const uint32_t *candidates,
                             unsigned count, uint32_t *found, uint32_t *places);

/// Which of `count` candidates are among 128 documents, both ascending: for each its place among the candidates and among the documents.
/// Fewer documents end in UINT32_MAX, which is no candidate. Returns how many; one more may be written.
unsigned suoyin_find128(const uint32_t *documents, const uint32_t *candidates, unsigned count, uint32_t *found, uint32_t *places);

/// How many of `count` ascending numbers are at most `last`.
unsigned suoyin_count_through(const uint32_t *numbers, unsigned count, uint32_t last);

/// Copies those of `count` documents that score at least `minimum`, perhaps to where they are; there is room for all. Returns how many.
unsigned suoyin_keep(const uint32_t *documents, const int64_t *scores, unsigned count, int64_t minimum, uint32_t *kept_documents,
                     int64_t *kept_scores);

/// Sets the bit of each of `count` documents.
void suoyin_mark(const uint32_t *documents, unsigned count, uint64_t *words);

/// Adds the scores of `count` documents, none of them twice, to the sums of their slots, the first of which stands for `base`, and sets all 64
/// bits of `matches` that a slot's bit is among.
void suoyin_add_scores(const uint32_t *documents, const int64_t *scores, unsigned count, uint32_t base, int64_t *sums, uint64_t *matches);

/// Moves the sums of 64 * `words` slots that are at least `minimum`, and whose bit in `matches` is set, to `documents` and `scores`, which have
/// room for all; then slots and bits are 0. Where a word of bits is 0, so are its slots. Returns how many.
unsigned suoyin_drain(int64_t *sums, uint64_t *matches, unsigned words, int64_t minimum, uint32_t base, uint32_t *documents,
                      int64_t *scores);

// The plain equivalents of the loops above: their oracles.
void suoyin_block_bounds_portable(const uint8_t *bytes, size_t length, size_t entries, size_t body, unsigned count,
                                  struct suoyin_similarity similarity, int64_t *bounds, int64_t *reached);
ptrdiff_t suoyin_read_variables_portable(const uint8_t *bytes, size_t length, uint32_t *numbers);
unsigned suoyin_find128_portable(const uint32_t *documents, const uint32_t *candidates, unsigned count, uint32_t *found, uint32_t *places);
unsigned suoyin_count_through_portable(const uint32_t *numbers, unsigned count, uint32_t last);
unsigned suoyin_keep_portable(const uint32_t *documents, const int64_t *scores, unsigned count, int64_t minimum, uint32_t *kept_documents,
                              int64_t *kept_scores);
unsigned suoyin_drain_portable(int64_t *sums, uint64_t *matches, unsigned words, int64_t minimum, uint32_t base, uint32_t *documents,
                               int64_t *scores);

/// The plain equivalent of `suoyin_unpack128`: its oracle.
void suoyin_unpack128_portable(const void *bytes, unsigned width, uint32_t *numbers);

#endif
