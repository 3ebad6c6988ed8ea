package explore

import (
	"context"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
)

// RunGrowing is Run by the explorer for programs that cannot be unfolded
// beforehand.
func RunGrowing(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, each func(*Execution) error) (Stats, error) {
	return run(ctx, p, m, c, true, each)
}
