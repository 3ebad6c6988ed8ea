package report

import (
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// The parts of SARIF 2.1.0 (OASIS) that are used.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID string `json:"id"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
}

// SARIF writes the findings as SARIF 2.1.0, which code hosts and editors read. A result
// that is not known is a warning. version is that of this program.
func SARIF(w io.Writer, findings []Finding, version string) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{"crosscall", version, []sarifRule{}}}, Results: []sarifResult{}}
	for _, f := range findings {
		level := "error"
		switch f.Level {
		case Passed, Skipped:
			continue
		case Open:
			level = "warning"
		}
		id := strings.ReplaceAll(f.Rule, " ", "-")
		if rule := (sarifRule{id}); !slices.Contains(run.Tool.Driver.Rules, rule) {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
		}
		at := sarifPhysical{Artifact: sarifArtifact{filepath.ToSlash(f.File)}}
		if f.Line > 0 {
			at.Region = &sarifRegion{f.Line, f.Col}
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: id, Level: level, Message: sarifText{f.Name() + " under " + f.Model + ": " + f.Text},
			Locations: []sarifLocation{{at}},
		})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}
