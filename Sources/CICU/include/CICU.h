// What does Suoyin ask of ICU? This header names only its own types and plain integers: ICU's headers rename every function by
// macro and clash with Foundation's ICU, so they are included in this target's .c files only.
//
// Error codes are ICU's UErrorCode: positive means failure, zero or negative success. All functions are free of global state
// but for ICU's own caches; a handle belongs to one thread at a time.
#ifndef SUOYIN_CICU_H
#define SUOYIN_CICU_H

#include <stdint.h>

/// A word break iterator with its text handle.
typedef struct suoyin_word_breaker suoyin_word_breaker;

/// Opens a word break iterator of the root locale. NULL and a positive `*error` on failure. Close with `suoyin_word_breaker_close`.
suoyin_word_breaker *suoyin_word_breaker_open(int32_t *error);
void suoyin_word_breaker_close(suoyin_word_breaker *breaker);

/// Begins cutting `length` bytes of UTF-8 at `text`, which must stay valid until the last `suoyin_word_breaker_next`.
/// Ill-formed bytes count as U+FFFD. Returns the error code.
int32_t suoyin_word_breaker_set_text(suoyin_word_breaker *breaker, const uint8_t *text, int64_t length);

/// Writes up to `capacity` further word ends (UTF-8 offsets, strictly increasing) and their rule statuses.
/// Returns how many were written; fewer than `capacity` means that the text is at its end.
int32_t suoyin_word_breaker_next(suoyin_word_breaker *breaker, int32_t *ends, int32_t *statuses, int32_t capacity);

/// Normalises UTF-16 `source` by NFKC_Casefold into `target`; returns the length needed, or a negative value on failure.
int32_t suoyin_nfkc_casefold(const uint16_t *source, int32_t length, uint16_t *target, int32_t capacity);

/// 1 if NFKC_Casefold always has a boundary before `code_point`, so that text may be normalised piecewise there.
int32_t suoyin_nfkc_casefold_has_boundary_before(int32_t code_point);

/// What a code point is to the cell model (see `CodePointKind` in SuoyinAnalysis): 0 neither letter nor digit, 1 part of a word of
/// letters or digits, 2 a cell of its own (Han, kana, Hangul syllable, a script cut by dictionary, private use), 3 a mark.
int32_t suoyin_code_point_kind(int32_t code_point);

/// ICU's Traditional-to-Simplified form of one code point as UTF-32 into `target` (at most `capacity`); returns the length, or
/// a negative value on failure. Opens a transliterator (12 ms): for tests and for generating tables only.
int32_t suoyin_simplify(int32_t code_point, int32_t *target, int32_t capacity);

/// CRC-32-like digest (FNV-1a, 64 bit) of the word break rules and of the Chinese dictionary of the linked ICU: it names the
/// behaviour of the tokenizer, not the library's version. 0 for a part that cannot be read.
void suoyin_word_break_digest(uint64_t *rules, uint64_t *dictionary);

/// Copies the compiled word break rules of the root locale into `target`; returns their length, or -1.
int32_t suoyin_word_break_rules(uint8_t *target, int32_t capacity);

/// The map from code points to the categories of compiled rules. NULL when the bytes are no such map.
typedef struct suoyin_category_map suoyin_category_map;
suoyin_category_map *suoyin_category_map_open(const uint8_t *bytes, int32_t length);
void suoyin_category_map_close(suoyin_category_map *map);
/// The category of one code point.
int32_t suoyin_category(const suoyin_category_map *map, int32_t code_point);
/// The categories of U+0000 to U+FFFF.
void suoyin_categories_of_plane_0(const suoyin_category_map *map, uint16_t target[65536]);

/// 1 for a code point of the scripts Han and Hiragana that NFKC leaves alone.
int32_t suoyin_is_plain_ideograph(int32_t code_point);

/// The units of the Chinese dictionary's UCharsTrie, in the library's own memory, valid for ever. 0 when there is none of the known format.
int32_t suoyin_han_dictionary(const uint16_t **units, int32_t *count);

/// Guesses the encoding of `length` bytes. Writes its name, zero-terminated, into `name` and returns the confidence, 0 to 100; -1 when there
/// is no guess or its name does not fit.
int32_t suoyin_detect_encoding(const uint8_t *bytes, int32_t length, char *name, int32_t capacity);

/// A text of some encoding on its way to UTF-8.
typedef struct suoyin_decoder suoyin_decoder;

/// The room that `suoyin_decoder_next` needs, in bytes.
#define SUOYIN_DECODED_CAPACITY 49152

/// Begins decoding `length` bytes, which must stay valid until the decoder is closed. NULL when ICU has no such encoding, under this name or
/// an alias. Close with `suoyin_decoder_close`.
suoyin_decoder *suoyin_decoder_open(const char *encoding, const uint8_t *bytes, int64_t length);
void suoyin_decoder_close(suoyin_decoder *decoder);
/// Writes ICU's own name of the encoding, zero-terminated. 0 when it does not fit.
int32_t suoyin_decoder_name(const suoyin_decoder *decoder, char *name, int32_t capacity);
/// The characters that come from the same bytes: one nearly always, and none of them from others.
typedef struct {
  /// Offset in the bytes, and how many.
  int64_t file, file_length;
  /// Length in UTF-8. The steps follow one another without gaps in the text.
  int64_t text_length;
  /// 1 for one character that is as long in UTF-8 as in the bytes.
  int32_t is_same_length;
} suoyin_decoded_step;
/// The most steps that end in one part of the text.
#define SUOYIN_STEP_CAPACITY 16385

/// Writes the next part of the text: whole characters, well-formed UTF-8, with U+FFFD for every ill-formed sequence. Returns its length in
/// bytes; 0 at the end, -1 when ICU fails. Unless `steps` is NULL, also writes the steps that end in this part, SUOYIN_STEP_CAPACITY at most,
/// and their number; the last one may come with the length 0.
int32_t suoyin_decoder_next(suoyin_decoder *decoder, uint8_t target[SUOYIN_DECODED_CAPACITY], suoyin_decoded_step *steps,
                            int32_t *step_count);
/// How many ill-formed sequences were replaced so far, and the offset of the first in the bytes.
int64_t suoyin_decoder_ill_formed(const suoyin_decoder *decoder, int64_t *first);

/// The linked ICU's version, such as "72.1", zero-terminated.
void suoyin_icu_version(char target[20]);

#endif
