package docs

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"crosscall/internal/golden"
)

const root = ".."

// documents are the README and all pages of this folder.
func documents(t *testing.T) []string {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"README.md", "CONTRIBUTING.md"}
	for _, page := range pages {
		all = append(all, "docs/"+page)
	}
	return all
}

// Console blocks print what the documents say: each command is run, in the order of the
// document, in a folder that has the repository's files and those that the document
// shows (or in the repository itself, with "console root"). "console slow" is left out
// with -short, "console kernel" without a source tree of Linux.
func TestCommandsPrintWhatIsShown(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	bin := buildCommand(t)
	for _, doc := range documents(t) {
		t.Run(filepath.Base(doc), func(t *testing.T) {
			blocks, err := readBlocks(doc)
			if err != nil {
				t.Fatal(err)
			}
			s := &session{bin: bin}
			for _, b := range blocks {
				s.play(t, b)
			}
			if golden.Updating() {
				s.rewrite(t, doc)
			}
		})
	}
}

// buildCommand is the folder of the command, which all tests share.
func buildCommand(t *testing.T) (folder string) {
	t.Helper()
	folder, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

var built = sync.OnceValues(func() (folder string, err error) {
	folder = filepath.Join(temporary, "bin")
	cmd := exec.Command("go", "build", "-o", folder+string(filepath.Separator), "./cmd/crosscall")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return folder, nil
})

// temporary is a folder that is gone after the tests.
var temporary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "docs-test-")
	if err != nil {
		panic(err)
	}
	temporary = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// A session is where the commands of one document run.
type session struct {
	bin, dir string
	changes  []change
}

// A change replaces lines of a document.
type change struct {
	first, last int // from 1, last excluded
	text        []string
}

func (s *session) play(t *testing.T, b *block) {
	switch {
	case b.is("file"):
		s.write(t, b)
	case b.lang != "console":
	case b.is("kernel") && os.Getenv("CROSSCALL_KERNEL") == "":
		t.Logf("%v: skipped, because CROSSCALL_KERNEL names no source tree", b)
	case b.is("slow") && testing.Short():
		t.Logf("%v: skipped with -short", b)
	default:
		all, err := b.commands()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			s.run(t, b, c)
		}
	}
}

func (s *session) run(t *testing.T, b *block, c command) {
	dir := s.open(t)
	if b.is("root") {
		dir = root
	}
	got := lines(s.output(t, dir, c.text))
	shown := trimEnd(c.output)
	if matches(shown, trimEnd(got)) {
		return
	}
	if golden.Updating() {
		first := b.line + c.line + 1 + strings.Count(c.text, "\n")
		s.changes = append(s.changes, change{first, first + len(shown), got})
		return
	}
	t.Errorf("%s:%d: %s\nprints:\n%s\nand the document says:\n%s\n(-update writes it)", b.doc, b.line+c.line, c.text,
		strings.Join(got, "\n"), strings.Join(shown, "\n"))
}

// output is what a command prints, its errors included.
func (s *session) output(t *testing.T, dir, text string) string {
	cmd := exec.CommandContext(t.Context(), "bash", "-c", text)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	clone, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"), "CROSSCALL="+clone, "GOWORK=off", "COLUMNS=100")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String()
}

// open makes the folder, once: links to what the repository has.
func (s *session) open(t *testing.T) (dir string) {
	if s.dir != "" {
		return s.dir
	}
	s.dir = t.TempDir()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		from, err := filepath.Abs(filepath.Join(root, e.Name()))
		if err == nil && !strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(e.Name(), "go.") {
			err = os.Symlink(from, filepath.Join(s.dir, e.Name()))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s.dir
}

func (s *session) write(t *testing.T, b *block) {
	file := filepath.Join(s.open(t), b.attributes["file"])
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Join(b.text, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// rewrite makes the changes, the last first.
func (s *session) rewrite(t *testing.T, doc string) {
	file := filepath.Join(root, doc)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(string(data), "\n")
	for i := len(s.changes) - 1; i >= 0; i-- {
		c := s.changes[i]
		rest := append([]string{}, all[c.last-1:]...)
		all = append(append(all[:c.first-1], c.text...), rest...)
	}
	if err := os.WriteFile(file, []byte(strings.Join(all, "\n")), 0o666); err != nil {
		t.Fatal(err)
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)\s]*)?\)|!\[[^]]*\]\(([^)\s]+)\)`)

// Links lead to files of the repository, and anchors to headings.
func TestLinksLeadSomewhere(t *testing.T) {
	for _, doc := range append(documents(t), "CHANGELOG.md") {
		data, err := os.ReadFile(filepath.Join(root, doc))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			target := m[1] + m[3]
			if strings.Contains(target, "://") {
				continue
			}
			file := filepath.Join(root, filepath.Dir(doc), target)
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", doc, target)
			} else if m[2] != "" && !hasHeading(t, file, m[2][1:]) {
				t.Errorf("%s: %s has no heading %s", doc, target, m[2])
			}
		}
	}
}

var notInAnchor = regexp.MustCompile(`[^\w\- ]`)

func hasHeading(t *testing.T, file, anchor string) bool {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if title := strings.TrimLeft(line, "#"); title != line {
			title = notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
			if strings.ReplaceAll(title, " ", "-") == anchor {
				return true
			}
		}
	}
	return false
}

// Commands of sh blocks are not run, because they take long or measure: but their
// flags are known, and the packages and files that they name exist.
func TestCommandsAreKnown(t *testing.T) {
	bin := buildCommand(t)
	for _, doc := range documents(t) {
		blocks, err := readBlocks(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks {
			if b.lang != "sh" {
				continue
			}
			for i, line := range b.text {
				if err := known(bin, line); err != nil {
					t.Errorf("%s:%d: %s: %v", b.doc, b.line+i, line, err)
				}
			}
		}
	}
}

var flagWord = regexp.MustCompile(`^--?([a-zA-Z][\w-]*)`)

// known is nil unless line is a command of crosscall that does not exist, or has a
// flag that it does not have, or names a package that is not there.
func known(bin, line string) error {
	line, _, _ = strings.Cut(line, " #")
	words := strings.Fields(line)
	for i, word := range words {
		if strings.HasPrefix(word, "./") && !strings.Contains(word, "...") {
			if _, err := os.Stat(filepath.Join(root, word)); err != nil {
				return err
			}
		}
		if (word == "./cmd/crosscall" || filepath.Base(word) == "crosscall") && i+1 < len(words) && (i == 0 || words[i-1] != "-o") {
			return knownFlags(bin, words[i+1], words[i+2:])
		}
	}
	return nil
}

func knownFlags(bin, command string, words []string) error {
	help, err := exec.Command(filepath.Join(bin, "crosscall"), command, "--help").CombinedOutput()
	if err != nil {
		return fmt.Errorf("crosscall %s --help: %w", command, err)
	}
	for _, word := range words {
		m := flagWord.FindStringSubmatch(word)
		if m == nil {
			continue
		}
		if !regexp.MustCompile(`(?m)^ +(-` + m[1] + `\b|(-\w, +)?--` + m[1] + `\b)`).Match(help) {
			return fmt.Errorf("crosscall %s has no flag %s", command, word)
		}
	}
	return nil
}

// The README's picture is what the command draws.
func TestPictureIsCurrent(t *testing.T) {
	bin := buildCommand(t)
	cmd := exec.Command(filepath.Join(bin, "crosscall"), "check", "--exit-zero", "--svg", "-", "examples/c/message.c")
	cmd.Dir = root
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, filepath.Join("pictures", "message.svg"), string(got))
}
