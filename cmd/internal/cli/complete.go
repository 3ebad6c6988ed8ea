package cli

import (
	"strings"

	"crosscall/memmodel/check"

	"github.com/spf13/cobra"
)

// completeModels has a shell complete the names of built-in models in --model, which may have
// several, separated by commas. Where none fits, it completes files.
func completeModels(cmd *cobra.Command) {
	// The error is that the command has no such flag.
	_ = cmd.RegisterFlagCompletionFunc("model", func(_ *cobra.Command, _ []string, begun string) (list []string, how cobra.ShellCompDirective) {
		before := begun[:strings.LastIndexByte(begun, ',')+1]
		for _, name := range append(check.ModelNames(), "all") {
			if strings.HasPrefix(before+name, begun) {
				list = append(list, before+name)
			}
		}
		return list, cobra.ShellCompDirectiveNoSpace
	})
}
