package csource_test

import (
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/interp"
)

// variables are what the expressions of TestArithmetic are about.
const variables = `int i = 2147483647;
int neg = -5;
unsigned int u = 4000000000u;
long l = 123456789012;
unsigned long ul = 18446744073709551000ul;
signed char c = 100;
int sh = 33 - 30;
_Bool b = 0;
`

// arithmetic has values as GCC 12 computes them, with -fwrapv, on linux/amd64.
var arithmetic = []struct {
	expr string
	want int64
}{
	{`i + 1`, -2147483648},
	{`i * 2`, -2},
	{`u - 1 - u + 0u`, 4294967295},
	{`-u`, 294967296},
	{`-i`, -2147483647},
	{`u * u`, 1983905792},
	{`(int)u`, -294967296},
	{`(unsigned)neg`, 4294967291},
	{`neg >> 1`, -3},
	{`(unsigned)neg >> 1`, 2147483645},
	{`neg / 2`, -2},
	{`neg % 3`, -2},
	{`(unsigned)neg / 2`, 2147483645},
	{`(unsigned long)neg / 10`, 1844674407370955161},
	{`(unsigned long)neg % 10`, 1},
	{`(unsigned long)neg >> 60`, 15},
	{`ul / 3`, 6148914691236517000},
	{`ul % 7`, 2},
	{`ul / ul`, 1},
	{`ul >> sh`, 2305843009213693875},
	{`l >> sh`, 15432098626},
	{`l << sh`, 987654312096},
	{`1 << sh`, 8},
	{`1u << 31`, 2147483648},
	{`(unsigned char)(c + 200)`, 44},
	{`(signed char)(c + 200)`, 44},
	{`(short)70000`, 4464},
	{`(unsigned short)neg`, 65531},
	{`c + c`, 200},
	{`c * c * c`, 1000000},
	{`~c`, -101},
	{`~u`, 294967295},
	{`!u`, 0},
	{`!!ul`, 1},
	{`u > neg`, 0},
	{`(long)u > neg`, 1},
	{`ul > neg`, 0},
	{`ul < l`, 0},
	{`i < u`, 1},
	{`neg < 0 && u > 5`, 1},
	{`neg > 0 || ul`, 1},
	{`i ? neg : u`, 4294967291},
	{`neg ? -1 : u`, 4294967295},
	{`(_Bool)256`, 1},
	{`(_Bool)ul + 1`, 2},
	{`sizeof(i) - 8`, -4},
	{`(int)(sizeof(i) - 8)`, -4},
	{`l * l`, 4568148269394301328},
	{`(char)neg == neg`, 1},
	{`u ^ neg`, 294967291},
	{`u & neg`, 4000000000},
	{`u | neg`, 4294967291},
	{`(u & 0xff) << 28`, 0},
	{`c << 4`, 1600},
	{`-c`, -100},
	{`+c - 1`, 99},
	{`b - 1`, -1},
	{`(unsigned)b - 1`, 4294967295},
	{`ul - 1 > ul`, 0},
	{`l - ul`, 123456789628},
	{`__builtin_popcountl(ul)`, 58},
	{`__builtin_popcount(u)`, 13},
	{`__builtin_ctzl(0x40)`, 6},
	{`(long)(int)ul`, -616},
	{`(int)ul`, -616},
	{`i == 2147483647`, 1},
	{`i + 1 < i`, 1},
	{`l / neg`, -24691357802},
	{`l % neg`, 2},
	{`(1, 2)`, 2},
	{`'a' + 1`, 98},
	{`"x" != 0`, 1},
	{`-7 / 2`, -3},
	{`-7 % 2`, -1},
	{`7 % -2`, 1},
	{`0x80000000`, 2147483648},
	{`-0x80000000`, 2147483648},
	{`2147483648`, 2147483648},
	{`i ?: 6`, 2147483647},
	{`0 ?: u`, 4000000000},
	{`({ int r = 0; switch (u | 0xffffffffu) { case -1: r = 1; } r; })`, 1},
	{`({ int r = 0; switch (neg | 4) { case 4294967295u: r = 1; } r; })`, 1},
	{`({ int r = 0; switch (neg | 0) { case -7 ... -4: r = 1; } r; })`, 1},
	{`({ int r = 0; switch (c | 0) { case 356: r = 1; } r; })`, 0},
}

// TestArithmetic runs expressions on variables that are in memory, so that the
// compiler does not know their values.
func TestArithmetic(t *testing.T) {
	for _, tt := range arithmetic {
		t.Run(tt.expr, func(t *testing.T) {
			src := fmt.Sprintf("%s\nvoid P0(void) {}\nvoid final(void) { __cc_assert((long)(%s) == %dL); }\n", variables, tt.expr, tt.want)
			run(t, src)
		})
	}
}

// TestConstants has the same expressions on constants, which the compiler folds.
func TestConstants(t *testing.T) {
	locals := strings.ReplaceAll("\n"+variables, "\n", "\nconst ")
	locals = strings.TrimSuffix(locals, "const ")
	for _, tt := range arithmetic {
		t.Run(tt.expr, func(t *testing.T) {
			src := fmt.Sprintf("void P0(void) {}\nvoid final(void) { %s __cc_assert((long)(%s) == %dL); }\n", locals, tt.expr, tt.want)
			if n := run(t, src); n > 4 && !strings.ContainsAny(tt.expr, "?&|") {
				t.Errorf("%d instructions", n)
			}
		})
	}
}

// run compiles a program and runs its final by itself. It returns the number of
// its instructions.
func run(t *testing.T, src string) int {
	t.Helper()
	s, err := csource.Parse("arithmetic.c", []byte(src), csource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	test, err := s.Compile(table(t, "sc"), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := test.Prog
	mem := make([]int64, len(p.Cells))
	for i, c := range p.Cells {
		mem[i] = c.Init
	}
	if err := interp.Run(p, p.Final, mem, nil); err != nil {
		t.Errorf("%v\n%s", err, dump(p))
	}
	return len(p.Final.Instr)
}
