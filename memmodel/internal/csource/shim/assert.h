/* assert can be defined anew by including this again, as C has it. */
#undef assert
#define assert(e) __cc_assert(!!(e))
#ifndef static_assert
#define static_assert _Static_assert
#endif
