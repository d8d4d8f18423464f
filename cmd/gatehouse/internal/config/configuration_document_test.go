package config

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var Update = flag.Bool("update", false, "rewrite the table in docs/configuration.md")

const (
	configurationDocument = "../../../../docs/configuration.md"
	startOfOptions        = "<!-- options -->\n"
	endOfOptions          = "<!-- end of options -->"
)

// The table between the two comments is made from the options. To write it anew:
//
//	go test ./cmd/gatehouse/internal/config -run TestConfigurationDocument -update
func TestConfigurationDocument(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(configurationDocument)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, started := strings.Cut(string(content), startOfOptions)
	table, after, ended := strings.Cut(rest, endOfOptions)
	if !started || !ended {
		t.Fatalf("%s has no table between %q and %q", configurationDocument, startOfOptions, endOfOptions)
	}
	if *Update {
		if err := os.WriteFile(configurationDocument, []byte(before+startOfOptions+optionsTable()+endOfOptions+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != optionsTable() {
		t.Errorf("the table in %s is out of date: run this test with -update\ngot:\n%s\nwant:\n%s", configurationDocument, table, optionsTable())
	}
}

// optionsTable is the table in Markdown.
func optionsTable() string {
	var out strings.Builder
	out.WriteString("| Variable | Flag | Default | |\n| --- | --- | --- | --- |\n")
	for _, o := range Options() {
		out.WriteString("| " + strings.Join([]string{
			variableCell(o), "`--" + o.Flag() + "`", defaultCell(o), strings.ReplaceAll(o.Sentence, "|", `\|`),
		}, " | ") + " |\n")
	}
	return out.String()
}

func variableCell(o Option) string {
	if o.secret {
		return "`" + o.Name + "` or `" + o.Name + "_FILE`"
	}
	return "`" + o.Name + "`"
}

func defaultCell(o Option) string {
	if o.DefaultValue == "" {
		return ""
	}
	return "`" + o.DefaultValue + "`"
}
