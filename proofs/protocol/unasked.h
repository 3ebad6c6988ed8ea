/*
 * The life of a record, and a CPU that walks while it is filled in.
 */
#define UNASKED
#include "twice.h"
