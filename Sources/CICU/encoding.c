// How does ICU tell encodings apart, and how does it turn their bytes into UTF-8?
#include "CICU.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

int32_t suoyin_detect_encoding(const uint8_t *bytes, int32_t length, char *name, int32_t capacity) {
  UErrorCode code = U_ZERO_ERROR;
  UCharsetDetector *detector = ucsdet_open(&code);
  int32_t confidence = -1;
  if (U_SUCCESS(code)) {
    ucsdet_setText(detector, (const char *)bytes, length, &code);
    const UCharsetMatch *match = ucsdet_detect(detector, &code);
    const char *found = U_SUCCESS(code) && match ? ucsdet_getName(match, &code) : NULL;
    if (found && U_SUCCESS(code) && (int32_t)strlen(found) < capacity) {
      strcpy(name, found);
      confidence = ucsdet_getConfidence(match, &code);
      if (U_FAILURE(code))
        confidence = -1;
    }
  }
  ucsdet_close(detector);
  return confidence;
}

enum { unit_capacity = SUOYIN_DECODED_CAPACITY / 3 };
_Static_assert(SUOYIN_STEP_CAPACITY == unit_capacity + 1, "each unit may end a step, and the end of the text another one");

struct suoyin_decoder {
  UConverter *converter;
  const char *start, *position, *limit;
  int64_t ill_formed, first_ill_formed;
  int32_t is_finished;
  int32_t held; // a lead surrogate whose other half comes with the next units, or 0
  int64_t held_file; // where it begins in the bytes
  suoyin_decoded_step step; // the last one, which ends where the next begins
  int32_t step_characters;
  int32_t offsets[unit_capacity];
  UChar units[unit_capacity];
};

static void replace(const void *context, UConverterToUnicodeArgs *args, const char *bytes, int32_t length, UConverterCallbackReason reason,
                    UErrorCode *code) {
  (void)bytes;
  if (reason > UCNV_IRREGULAR)
    return; // reset, close and clone are no errors
  suoyin_decoder *decoder = (suoyin_decoder *)context;
  if (decoder->ill_formed++ == 0) {
    // The whole text is one buffer, so the place just read lies in it, behind the sequence.
    int64_t offset = args->source - decoder->start - length;
    decoder->first_ill_formed = offset < 0 ? 0 : offset;
  }
  *code = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(args, &replacement, 1, 0, code);
}

suoyin_decoder *suoyin_decoder_open(const char *encoding, const uint8_t *bytes, int64_t length) {
  // ICU takes an empty name for the one of the system.
  if (!*encoding)
    return NULL;
  suoyin_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder)
    return NULL;
  UErrorCode code = U_ZERO_ERROR;
  decoder->converter = ucnv_open(encoding, &code);
  if (U_SUCCESS(code))
    ucnv_setToUCallBack(decoder->converter, replace, decoder, NULL, NULL, &code);
  if (U_FAILURE(code)) {
    suoyin_decoder_close(decoder);
    return NULL;
  }
  decoder->start = decoder->position = (const char *)bytes;
  decoder->limit = decoder->start + length;
  return decoder;
}

void suoyin_decoder_close(suoyin_decoder *decoder) {
  if (!decoder)
    return;
  ucnv_close(decoder->converter);
  free(decoder);
}

int32_t suoyin_decoder_name(const suoyin_decoder *decoder, char *name, int32_t capacity) {
  UErrorCode code = U_ZERO_ERROR;
  const char *own = ucnv_getName(decoder->converter, &code);
  if (U_FAILURE(code) || (int32_t)strlen(own) >= capacity)
    return 0;
  strcpy(name, own);
  return 1;
}

// Writes the step that ends where the next begins, if there is one, and returns how many are written now.
static int32_t end_step(suoyin_decoder *decoder, int64_t file_end, suoyin_decoded_step *steps, int32_t count) {
  suoyin_decoded_step *step = &decoder->step;
  if (step->text_length == 0)
    return count;
  step->file_length = file_end - step->file;
  step->is_same_length = decoder->step_characters == 1 && step->file_length == step->text_length;
  steps[count] = *step;
  *step = (suoyin_decoded_step){.file = file_end};
  decoder->step_characters = 0;
  return count + 1;
}

// Where unit `i` begins in the bytes. ICU has no offset for what it could not place at once: that belongs to what is before it.
static int64_t file_start(const suoyin_decoder *decoder, int32_t i, int64_t base, int32_t has_held) {
  if (has_held && i == 0)
    return decoder->held_file;
  return decoder->offsets[i] < 0 ? decoder->step.file : base + decoder->offsets[i];
}

// Writes the steps of the units that are decoded: units that come from the same bytes are one.
static int32_t write_steps(suoyin_decoder *decoder, int32_t units, int64_t base, int32_t has_held, suoyin_decoded_step *steps) {
  int32_t count = 0;
  for (int32_t i = 0; i < units; i++) {
    int64_t start = file_start(decoder, i, base, has_held);
    if (start > decoder->step.file) { // no step begins before the last one
      count = end_step(decoder, start, steps, count);
      decoder->step.file = start;
    }
    UChar unit = decoder->units[i];
    int32_t length = unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    if (U16_IS_LEAD(unit) && i + 1 < units && U16_IS_TRAIL(decoder->units[i + 1])) {
      length = 4;
      i++; // both halves come from the same bytes
    }
    decoder->step.text_length += length;
    decoder->step_characters++;
  }
  return decoder->is_finished ? end_step(decoder, decoder->limit - decoder->start, steps, count) : count;
}

int32_t suoyin_decoder_next(suoyin_decoder *decoder, uint8_t target[SUOYIN_DECODED_CAPACITY], suoyin_decoded_step *steps, int32_t *step_count) {
  int32_t written = 0;
  if (steps)
    *step_count = 0;
  // Terminates: every round fills the units or finishes, and a full buffer of units that are not all held gives bytes.
  while (written == 0 && !decoder->is_finished) {
    int32_t count = 0;
    int64_t base = decoder->position - decoder->start;
    int32_t has_held = decoder->held != 0;
    if (has_held) {
      decoder->units[count++] = (UChar)decoder->held;
      decoder->held = 0;
    }
    UErrorCode code = U_ZERO_ERROR;
    UChar *end = decoder->units + count;
    ucnv_toUnicode(decoder->converter, &end, decoder->units + unit_capacity, &decoder->position, decoder->limit,
                   steps ? decoder->offsets + count : NULL, 1, &code);
    count = (int32_t)(end - decoder->units);
    if (code == U_BUFFER_OVERFLOW_ERROR) {
      if (U16_IS_LEAD(decoder->units[count - 1]))
        decoder->held = decoder->units[--count];
    } else if (U_SUCCESS(code)) {
      decoder->is_finished = 1;
    } else {
      return -1;
    }
    if (steps)
      *step_count = write_steps(decoder, count, base, has_held, steps);
    if (steps && decoder->held)
      decoder->held_file = file_start(decoder, count, base, 0);
    code = U_ZERO_ERROR;
    int32_t lone = 0;
    u_strToUTF8WithSub((char *)target, SUOYIN_DECODED_CAPACITY, &written, decoder->units, count, 0xFFFD, &lone, &code);
    if (U_FAILURE(code))
      return -1;
    if (lone > 0 && decoder->ill_formed == 0)
      decoder->first_ill_formed = decoder->position - decoder->start;
    decoder->ill_formed += lone;
  }
  return written;
}

int64_t suoyin_decoder_ill_formed(const suoyin_decoder *decoder, int64_t *first) {
  *first = decoder->first_ill_formed;
  return decoder->ill_formed;
}
