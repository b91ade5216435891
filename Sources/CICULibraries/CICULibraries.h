// Empty on purpose: this module only links ICU. See Sources/CICU/include/CICU.h.
