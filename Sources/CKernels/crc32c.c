// CRC-32C of a buffer. Source of the table method: D. Sarwate, CACM 31(8), 1988.
#include "CKernels.h"

#include <string.h>

static uint32_t table_entry(uint32_t index) {
  for (int bit = 0; bit < 8; bit++)
    index = (index >> 1) ^ (0x82F63B78u & (0u - (index & 1u)));
  return index;
}

uint32_t suoyin_crc32c_portable(uint32_t seed, const void *bytes, size_t length) {
  static uint32_t table[256];
  static int ready;
  if (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) {
    for (uint32_t i = 0; i < 256; i++)
      __atomic_store_n(&table[i], table_entry(i), __ATOMIC_RELAXED);
    __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  }
  const uint8_t *p = bytes;
  uint32_t crc = ~seed;
  for (size_t i = 0; i < length; i++)
    crc = (crc >> 8) ^ table[(crc ^ p[i]) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t seed, const uint8_t *p, size_t length) {
  uint64_t crc = (uint32_t)~seed;
  for (; length >= 8; p += 8, length -= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    crc = __builtin_ia32_crc32di(crc, word);
  }
  uint32_t low = (uint32_t)crc;
  for (; length > 0; p++, length--)
    low = __builtin_ia32_crc32qi(low, *p);
  return ~low;
}
#endif

uint32_t suoyin_crc32c(uint32_t seed, const void *bytes, size_t length) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2"))
    return crc32c_sse42(seed, bytes, length);
#endif
  return suoyin_crc32c_portable(seed, bytes, length);
}
