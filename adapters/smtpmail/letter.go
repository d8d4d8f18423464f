package smtpmail

import (
	_ "embed" // the texts
	htmltemplate "html/template"
	"strings"
	"text/template"
	"time"
	"unicode"

	"gatehouse/domain"
)

//go:embed texts.tmpl
var textsFile string

//go:embed letter.html
var htmlFile string

// A writer writes letters.
type writer struct {
	config Config
	texts  *template.Template
	html   *htmltemplate.Template
}

func newWriter(config Config) writer {
	return writer{
		config,
		template.Must(template.New("texts").Option("missingkey=error").Parse(textsFile)),
		htmltemplate.Must(htmltemplate.New("letter").Parse(htmlFile)),
	}
}

// A written letter can be sent.
type written struct {
	subject, text, html string
}

// words are what the texts can name.
type words struct {
	Name, Shop, Link, Until, About, Reset, Change string
}

func (w writer) write(letter domain.Letter) (written, error) {
	public := w.config.publicURL()
	words := words{
		Name: oneLine(letter.Name), Shop: oneLine(w.config.Shop),
		Until: w.moment(letter.Until), About: w.moment(letter.About),
		Reset: public + domain.ForgottenPagePath, Change: public + "/accounts/password_change/",
	}
	if letter.Kind.HasLink() {
		words.Link = domain.LinkURL(public, letter.Staff, letter.Token).Reveal()
	}
	greeting, err := w.text("greeting", words)
	if err != nil {
		return written{}, err
	}
	subject, err := w.text(string(letter.Kind)+" subject", words)
	if err != nil {
		return written{}, err
	}
	body, err := w.text(string(letter.Kind), words)
	if err != nil {
		return written{}, err
	}
	paragraphs := append([]string{greeting}, strings.Split(body, "\n\n")...)
	result := written{subject: oneLine(w.config.SubjectPrefix + subject), text: strings.Join(paragraphs, "\n\n") + "\n"}
	var html strings.Builder
	err = w.html.Execute(&html, struct {
		Subject, Link string
		Paragraphs    []string
	}{result.subject, words.Link, paragraphs})
	result.html = html.String()
	return result, err
}

func (w writer) text(name string, words words) (string, error) {
	var text strings.Builder
	err := w.texts.ExecuteTemplate(&text, name, words)
	return text.String(), err
}

func (w writer) moment(t time.Time) string {
	return t.In(w.config.Zone).Format("2 January 2006 at 15:04 (MST)")
}

// oneLine makes sure that a name adds no line, header or paragraph of its own.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar
	}), " ")
}
