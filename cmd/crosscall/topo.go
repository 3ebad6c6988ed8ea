package main

import (
	"crosscall/internal/topology"

	"github.com/spf13/cobra"
)

func topoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "topo",
		Short: "Show the CPUs: nodes, cores, caches, and which of them may be used",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := topology.Read()
			if err != nil {
				return err
			}
			return t.Describe(cmd.OutOrStdout())
		},
	}
}
