#include <string.h>
#include <assert.h>
struct s { int a, b; } x = {1,2}, y = {1,2};
int main(void) { assert(memcmp(&x, &y, sizeof(x)) == 0); y.b = 3; assert(memcmp(&x, &y, sizeof x) < 0); return 0; }
