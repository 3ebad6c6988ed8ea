package main

import (
	"os"
	"runtime/debug"
	"strings"
	"time"

	"crosscall/cmd/internal/cli"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write manual pages into a folder",
		Long: `Write a manual page in section 1 for each command into the folder DIR, as crosscall-check.1.
DIR is made if it is not there.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return writeManual(cmd.Root(), args[0]) },
	}
}

func writeManual(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	// Longer help is plain text, and pages are made as of Markdown.
	visit(root, func(c *cobra.Command) { c.Long = plain.Replace(c.Long) })
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Section: "1", Source: cli.Version(), Manual: "crosscall", Date: built()}
	return doc.GenManTree(root, header, dir)
}

// plain escapes what means something in Markdown.
var plain = strings.NewReplacer("*", `\*`, "_", `\_`, "<", `\<`, "`", "\\`", "#", `\#`)

func visit(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, sub := range c.Commands() {
		visit(sub, do)
	}
}

// built is when the commit was made that this was built from, so that two builds of one
// commit have the same pages. It is nil if that is not known.
func built() *time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			if t, err := time.Parse(time.RFC3339, s.Value); err == nil {
				return &t
			}
		}
	}
	return nil
}
