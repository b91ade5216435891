#include "CICU.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ucptrie.h>
#include <unicode/udata.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>
#include <unicode/uversion.h>

struct suoyin_word_breaker {
  UBreakIterator *iterator;
  UText text;
};

suoyin_word_breaker *suoyin_word_breaker_open(int32_t *error) {
  UErrorCode code = U_ZERO_ERROR;
  UBreakIterator *iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &code);
  *error = code;
  if (U_FAILURE(code))
    return NULL;
  suoyin_word_breaker *breaker = calloc(1, sizeof *breaker);
  if (!breaker) {
    ubrk_close(iterator);
    *error = U_MEMORY_ALLOCATION_ERROR;
    return NULL;
  }
  breaker->iterator = iterator;
  breaker->text = (UText)UTEXT_INITIALIZER;
  return breaker;
}

void suoyin_word_breaker_close(suoyin_word_breaker *breaker) {
  if (!breaker)
    return;
  utext_close(&breaker->text);
  ubrk_close(breaker->iterator);
  free(breaker);
}

int32_t suoyin_word_breaker_set_text(suoyin_word_breaker *breaker, const uint8_t *text, int64_t length) {
  UErrorCode code = U_ZERO_ERROR;
  utext_openUTF8(&breaker->text, (const char *)text, length, &code);
  if (U_SUCCESS(code))
    ubrk_setUText(breaker->iterator, &breaker->text, &code);
  if (U_SUCCESS(code))
    ubrk_first(breaker->iterator);
  return code;
}

int32_t suoyin_word_breaker_next(suoyin_word_breaker *breaker, int32_t *ends, int32_t *statuses, int32_t capacity) {
  int32_t count = 0;
  while (count < capacity) {
    int32_t end = ubrk_next(breaker->iterator);
    if (end == UBRK_DONE)
      break;
    ends[count] = end;
    statuses[count] = ubrk_getRuleStatus(breaker->iterator);
    count++;
  }
  return count;
}

int32_t suoyin_nfkc_casefold(const uint16_t *source, int32_t length, uint16_t *target, int32_t capacity) {
  UErrorCode code = U_ZERO_ERROR;
  const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&code);
  int32_t needed = unorm2_normalize(normalizer, (const UChar *)source, length, (UChar *)target, capacity, &code);
  return U_SUCCESS(code) || code == U_BUFFER_OVERFLOW_ERROR ? needed : -1;
}

int32_t suoyin_nfkc_casefold_has_boundary_before(int32_t code_point) {
  UErrorCode code = U_ZERO_ERROR;
  const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&code);
  return U_SUCCESS(code) && unorm2_hasBoundaryBefore(normalizer, code_point);
}

int32_t suoyin_code_point_kind(int32_t code_point) {
  int8_t category = u_charType(code_point);
  if (category == U_PRIVATE_USE_CHAR || category == U_UNASSIGNED)
    return u_hasBinaryProperty(code_point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || (code_point & 0xFFFE) == 0xFFFE ? 0 : 2;
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_COMBINING_SPACING_MARK) {
    // Vowel signs and tone marks of the scripts that are cut by dictionary are cells there; elsewhere a mark belongs to its word.
    return u_getIntPropertyValue(code_point, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT ? 2 : 3;
  }
  if (u_getIntPropertyValue(code_point, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
    return 2;
  if (!u_isalnum(code_point) && category != U_LETTER_NUMBER && category != U_OTHER_NUMBER)
    return 0;
  UErrorCode code = U_ZERO_ERROR;
  switch (uscript_getScript(code_point, &code)) {
  case USCRIPT_HAN:
  case USCRIPT_HIRAGANA:
  case USCRIPT_KATAKANA:
    return 2;
  case USCRIPT_HANGUL:
    return code_point >= 0xAC00 && code_point <= 0xD7A3 ? 2 : 1;
  default:
    return code_point == 0x30FC ? 2 : 1; // the prolonged sound mark is of no script
  }
}

int32_t suoyin_simplify(int32_t code_point, int32_t *target, int32_t capacity) {
  UErrorCode code = U_ZERO_ERROR;
  static UTransliterator *simplifier; // for tests and generators: one thread, never closed
  if (!simplifier) {
    const UChar *identifier = u"Traditional-Simplified";
    simplifier = utrans_openU(identifier, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
  }
  UChar text[32];
  int32_t length = 0;
  U16_APPEND_UNSAFE(text, length, code_point);
  int32_t limit = length;
  if (U_SUCCESS(code))
    utrans_transUChars(simplifier, text, &length, 32, 0, &limit, &code);
  int32_t written = 0;
  u_strToUTF32(target, capacity, &written, text, length, &code);
  return U_SUCCESS(code) ? written : -1;
}

static uint64_t digest(const void *bytes, int64_t length) {
  const uint8_t *p = bytes;
  uint64_t hash = 0xCBF29CE484222325u;
  for (; length >= 8; p += 8, length -= 8) { // eight bytes a step: this runs over 2 MB at start-up
    uint64_t word;
    memcpy(&word, p, 8);
    hash = (hash ^ word) * 0x100000001B3u;
    hash ^= hash >> 29;
  }
  for (; length > 0; p++, length--)
    hash = (hash ^ *p) * 0x100000001B3u;
  return hash;
}

void suoyin_word_break_digest(uint64_t *rules, uint64_t *dictionary) {
  *rules = 0;
  *dictionary = 0;
  UErrorCode code = U_ZERO_ERROR;
  UBreakIterator *iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &code);
  if (U_SUCCESS(code)) {
    int32_t length = ubrk_getBinaryRules(iterator, NULL, 0, &code);
    uint8_t *binary = U_SUCCESS(code) && length > 0 ? malloc((size_t)length) : NULL;
    if (binary) {
      ubrk_getBinaryRules(iterator, binary, length, &code);
      if (U_SUCCESS(code))
        *rules = digest(binary, length);
      free(binary);
    }
    ubrk_close(iterator);
  }
  code = U_ZERO_ERROR;
  UDataMemory *data = udata_open("ICUDATA-brkitr", "dict", "cjdict", &code);
  if (U_SUCCESS(code)) {
    // The dictionary begins with eight 32-bit integers, of which the fourth is the total length in bytes.
    const int32_t *indexes = udata_getMemory(data);
    if (indexes && indexes[3] > 0)
      *dictionary = digest(indexes, indexes[3]);
    udata_close(data);
  }
}

int32_t suoyin_word_break_rules(uint8_t *target, int32_t capacity) {
  UErrorCode code = U_ZERO_ERROR;
  UBreakIterator *iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &code);
  if (U_FAILURE(code))
    return -1;
  int32_t length = ubrk_getBinaryRules(iterator, target, capacity, &code);
  ubrk_close(iterator);
  return U_SUCCESS(code) || code == U_BUFFER_OVERFLOW_ERROR ? length : -1;
}

struct suoyin_category_map {
  UCPTrie *trie;
  void *bytes; // the trie reads from them
};

suoyin_category_map *suoyin_category_map_open(const uint8_t *bytes, int32_t length) {
  suoyin_category_map *map = calloc(1, sizeof *map);
  void *copy = malloc((size_t)length + 1); // aligned, as the trie wants it
  UErrorCode code = U_ZERO_ERROR;
  if (map && copy) {
    memcpy(copy, bytes, (size_t)length);
    map->bytes = copy;
    map->trie = ucptrie_openFromBinary(UCPTRIE_TYPE_ANY, UCPTRIE_VALUE_BITS_ANY, copy, length, NULL, &code);
    if (U_SUCCESS(code) && map->trie)
      return map;
  }
  free(copy);
  free(map);
  return NULL;
}

void suoyin_category_map_close(suoyin_category_map *map) {
  ucptrie_close(map->trie);
  free(map->bytes);
  free(map);
}

int32_t suoyin_category(const suoyin_category_map *map, int32_t code_point) { return (int32_t)ucptrie_get(map->trie, code_point); }

void suoyin_categories_of_plane_0(const suoyin_category_map *map, uint16_t target[65536]) {
  UChar32 start = 0, end;
  uint32_t value;
  // Terminates: every range begins after the end of the one before.
  while (start < 65536 && (end = ucptrie_getRange(map->trie, start, UCPMAP_RANGE_NORMAL, 0, NULL, NULL, &value)) >= 0) {
    for (UChar32 c = start; c <= end && c < 65536; c++)
      target[c] = (uint16_t)value;
    start = end + 1;
  }
}

int32_t suoyin_is_plain_ideograph(int32_t code_point) {
  UErrorCode code = U_ZERO_ERROR;
  UScriptCode script = uscript_getScript(code_point, &code);
  if (script != USCRIPT_HAN && script != USCRIPT_HIRAGANA)
    return 0;
  return u_getIntPropertyValue(code_point, UCHAR_NFKC_QUICK_CHECK) == UNORM_YES && u_getCombiningClass(code_point) == 0;
}

int32_t suoyin_han_dictionary(const uint16_t **units, int32_t *count) {
  static UDataMemory *data; // stays open: the units are read where the library has them
  UErrorCode code = U_ZERO_ERROR;
  if (!data) {
    UDataMemory *opened = udata_open("ICUDATA-brkitr", "dict", "cjdict", &code);
    if (U_FAILURE(code))
      return 0;
    data = opened; // two threads may open it twice, which does no harm
  }
  UDataInfo info = {.size = sizeof info};
  udata_getInfo(data, &info);
  const int32_t *indexes = udata_getMemory(data);
  const uint8_t format[4] = {0x44, 0x69, 0x63, 0x74}; // "Dict"
  // A trie of 16-bit units with values, untransformed, written by a machine of this byte order.
  if (memcmp(info.dataFormat, format, 4) != 0 || info.formatVersion[0] != 1 || info.isBigEndian || info.sizeofUChar != 2 || !indexes ||
      indexes[4] != 9 || indexes[5] != 0 || indexes[0] < 32 || indexes[3] <= indexes[0])
    return 0;
  *units = (const uint16_t *)((const uint8_t *)indexes + indexes[0]);
  *count = (indexes[3] - indexes[0]) / 2;
  return 1;
}

void suoyin_icu_version(char target[20]) {
  UVersionInfo version;
  u_getVersion(version);
  u_versionToString(version, target);
}
