#ifndef __SHIM_LINUX_BITFIELD_H
#define __SHIM_LINUX_BITFIELD_H

#include <linux/bitops.h>

#define __bf_shf(mask) __cc_ctz(mask)
#define FIELD_GET(mask, v) ((__typeof__(mask))(((v) & (mask)) >> __bf_shf(mask)))
#define FIELD_PREP(mask, v) (((__typeof__(mask))(v) << __bf_shf(mask)) & (mask))
#define FIELD_MAX(mask) ((__typeof__(mask))((mask) >> __bf_shf(mask)))
#define FIELD_FIT(mask, v) (!((((__typeof__(mask))(v)) << __bf_shf(mask)) & ~(mask)))
#define FIELD_MODIFY(mask, p, v) (*(p) = (*(p) & ~(mask)) | FIELD_PREP(mask, v))
#define field_get(mask, v) FIELD_GET(mask, v)
#define field_prep(mask, v) FIELD_PREP(mask, v)

#endif
