// What is a natural logarithm?
internal import Glibc

/// The C library's `log`.
func logarithm(_ value: Double) -> Double { log(value) }
