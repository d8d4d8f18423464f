package acceptance

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	curlLine   = regexp.MustCompile(`(?m)^curl .*$`)
	curlWord   = regexp.MustCompile(`'[^']*'|\S+`)
	demoSaysIt = regexp.MustCompile(`removes its database, (.+)\.\n`)
)

// curlLines does what the demonstration asks people to paste into a terminal, and prints
// the answers. It sets $DEMO to the folder that is to be removed.
func curlLines(ts *testscript.TestScript, _ bool, _ []string) {
	s := stageOf(ts).server
	ts.Check(s.Await(s.Stdout, demoSaysIt.MatchString))
	ts.Setenv("DEMO", demoSaysIt.FindStringSubmatch(s.Stdout.String())[1])
	for _, line := range curlLine.FindAllString(s.Stdout.String(), -1) {
		got, err := doCurl(stageOf(ts).browser, line)
		ts.Check(err)
		_, _ = ts.Stdout().Write([]byte(got.String()))
	}
}

// doCurl sends what "curl [-H 'NAME: VALUE'] -d DATA… URL" sends: the data as they are, joined by &.
func doCurl(b *browser, line string) (answer, error) {
	var data []string
	target, header := "", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	words := curlWord.FindAllString(line, -1)
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "-d":
			i++
			data = append(data, strings.Trim(words[i], "'"))
		case "-H":
			i++
			name, value, _ := strings.Cut(strings.Trim(words[i], "'"), ": ")
			header.Set(name, value)
		default:
			target = words[i]
		}
	}
	if _, err := url.ParseRequestURI(target); err != nil {
		return answer{}, err
	}
	return b.send(http.MethodPost, target, header, strings.Join(data, "&"))
}
