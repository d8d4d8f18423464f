package config

import (
	"maps"
	"strings"
	"testing"
)

// The rules are those of systemd.exec(5), EnvironmentFile=.
func TestEnvironmentFilesAreReadAsSystemdDoes(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]map[string]string{
		"":                                 {},
		"# ISSUER=a\n; ISSUER=b\n\n  # c":  {},
		"ISSUER=a":                         {"ISSUER": "a"},
		"\ufeffISSUER=a\r\nAUDIENCE=b\r\n": {"ISSUER": "a", "AUDIENCE": "b"},
		"  ISSUER  =  a  b \t\n":           {"ISSUER": "a  b"},
		"ISSUER=a#b ; c":                   {"ISSUER": "a#b ; c"},
		"ISSUER=":                          {"ISSUER": ""},
		"ISSUER=''\nAUDIENCE=\"\"":         {"ISSUER": "", "AUDIENCE": ""},
		"ISSUER='$a \\ \"b\" # c'  ":       {"ISSUER": `$a \ "b" # c`},
		`ISSUER="a \"b\" \\ \$c \n 'd'"`:   {"ISSUER": `a "b" \ $c \n 'd'`},
		"ISSUER=\"a\\\nb\"":                {"ISSUER": "ab"},
		"ISSUER='a\nb'\nAUDIENCE=c":        {"ISSUER": "a\nb", "AUDIENCE": "c"},
		"ISSUER=a \\\n b":                  {"ISSUER": "a  b"},
		"ISSUER=a\\\r\nb":                  {"ISSUER": "ab"},
		`ISSUER=a\'b\\c\ `:                 {"ISSUER": `a'b\c `},
		`ISSUER=don't`:                     {"ISSUER": "don't"},
		`ISSUER='a' "b"`:                   {"ISSUER": "ab"},
		"ISSUER='a' b":                     {"ISSUER": "ab"},
		"ISSUER=${HOME}`id`$(id)":          {"ISSUER": "${HOME}`id`$(id)"},
		"ISSUER=a=b":                       {"ISSUER": "a=b"},
		"ISSUER=a\nISSUER=b":               {"ISSUER": "b"},
		"# a \\\nISSUER=a":                 {"ISSUER": "a"},
		"PATH=/tmp\nSUDO_USER=root\nMY=x":  {}, // not settings
		"GATEHOUSE_LISTN=x\nISSUER_FILE=y": {"GATEHOUSE_LISTN": "x"},
		"SECRET_KEY_FILE=/etc/x":           {"SECRET_KEY_FILE": "/etc/x"},
		"ISSUER=T\u016b\u012b & Daughters": {"ISSUER": "T\u016b\u012b & Daughters"},
	} {
		got, err := ParseEnvironmentFile([]byte(content))
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: %q, %v, want %q", content, got, err, want)
		}
	}
}

func TestEveryMistakeInAnEnvironmentFileNamesItsLine(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"ISSUER=a\n\nexport AUDIENCE=" + hiddenSecret: "line 3: write NAME=value",
		"ISSUER\n":                                      "line 1: write NAME=value",
		"=" + hiddenSecret:                              "line 1: write NAME=value",
		"\n1X=" + hiddenSecret:                          "line 2: write NAME=value",
		"ISSUER=a\\\nb\nAUDIENCE='hush":                 "line 3: end the value with '",
		"ISSUER='a\nb'\nAUDIENCE=\"" + hiddenSecret:     "line 3: end the value with \"",
		"ISSUER=a\nSECRET_KEY=" + hiddenSecret + "\xff": "line 2: write UTF-8",
		"ISSUER=a\nSECRET_KEY=" + hiddenSecret + "\x00": "line 2: write UTF-8",
		strings.Repeat("#", MaxEnvironmentFile+1):       "1 MiB",
	} {
		_, err := ParseEnvironmentFile([]byte(content))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), hiddenSecret) {
			t.Errorf("%.60q: %v, want %q without the value", content, err, want)
		}
	}
}
