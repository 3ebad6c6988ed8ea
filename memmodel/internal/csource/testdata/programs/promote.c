/* Integers of all types, bit-fields and enums in operations: the values are GCC's. */
#include <assert.h>
#include <pthread.h>

enum e { E0, E1 = 3, E2 };
enum n { M = -5, N0, N1 = 7 };
static signed char sc = 109;
static unsigned char uc = 191;
static short sh = 2245;
static unsigned short us = 18158;
static int i = -267828;
static unsigned u = 27638352u;
static long l = 938462303110L;
static unsigned long ul = 6161655336973386967UL;
static _Bool b = 0;
static enum e ev = E2;
static enum n nv = N0;
static struct { int f : 5; unsigned g : 7; enum e h : 3; enum n k : 4; } s = { -6, 115, E2, M };

static void *work(void *arg)
{
	assert((long)((s.g ? (3u < ((ul ? 'a' : 0xffu) < (l < b))) : (~((+(((unsigned short)(M)))))))) == 0L);
	assert((long)((((enum e)((!((i != b))))) != (3u < ((!(0x80)) ? (3u - E0) : s.k)))) == 1L);
	assert((long)((s.g ? 0xffu : uc)) == 255L);
	assert((long)((M <= E0)) == 1L);
	assert((long)((((int)(((-(b)) * (sc + uc)))) <= ((((_Bool)(b)) * (ev != us)) / uc + 1))) == 1L);
	assert((long)(s.h) == 4L);
	assert((long)(((sh && (N1 >= i)) < (E0 == (l & us)))) == 0L);
	assert((long)((N1 == s.g)) == 0L);
	assert((long)(((s.g ? 0x80 : l) + (sc - s.g))) == 122L);
	assert((long)(((!(uc)) && ((ev / 3) >> 7))) == 0L);
	assert((long)(((E1 < l) << 4)) == 16L);
	assert((long)((((nv / 5u) % (us | 1)) + (((unsigned char)(nv)) <= (0x80 != E1)))) == 122L);
	assert((long)((0x80 > ('a' ? nv : 7L))) == 1L);
	assert((long)(nv) == -4L);
	assert((long)(nv) == -4L);
	assert((long)(((sizeof(i) % uc + 1) >= ((unsigned)(E0)))) == 1L);
	assert((long)(((((short)(sc)) | (+(s.g))) || ((!(i)) % uc + 1))) == 1L);
	assert((long)(((unsigned)((!(E0))))) == 1L);
	assert((long)(((M + s.h) ? (3u ^ s.f) : (0xffu >> 7))) == 4294967289L);
	assert((long)(((s.k < 7L) && (sizeof(i) < uc))) == 1L);
	assert((long)(M) == -5L);
	assert(s.g > -1);
	assert(s.g - 127 < 1);
	assert(-1 * s.g < 0);
	assert(~s.h < 0);
	assert(ev - 5 > 0);
	assert((1 ? s.h : -1) >= -1);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
}
