// Package pages renders the pages for people from templates, texts and a logo. It knows no use case,
// no request and no server: a handler hands it a [View].
//
//   - pages.go: what the operator configures, what a page shows, and rendering;
//   - form.go: forms and what is wrong with them;
//   - texts.go: the texts of one language; en.json has the English ones;
//   - assets.go, logo.go: files that pages load;
//   - next.go: where a person may be sent afterwards.
package pages

import (
	"bytes"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Config is what the operator decides about the pages.
type Config struct {
	ShopName string // "Gatehouse" if empty
	Logo     Logo
	Texts    Texts
	// SignInRedirect is where people go after signing in, and where links back to the shop lead. It
	// is an absolute URL or a path; if empty, the path of the public URL. It is not checked here.
	SignInRedirect string
	// RedirectAllowed lists the origins, besides our own, to which ?next= may lead. They are not
	// checked here.
	RedirectAllowed []string
	// ResetByMail: people can ask for a link with which they set a new password.
	ResetByMail bool
	// TimeZone is the zone of all times on pages; UTC if nil.
	TimeZone *time.Location
}

// Pages render every page. They do not change, and may be used concurrently.
type Pages struct {
	Config
	origin    string // scheme and host that people see
	base      string // the path that people see before /accounts/
	assets    assets
	templates map[string]*template.Template
	policy    string
}

// A View is the content of one page. Empty parts are left out.
type View struct {
	Title  string
	Lede   string
	Status string // says what has just been done
	Notice string // says why the person is here
	Detail string
	Form   *Form
	Links  []Link
	// Sessions make it the page with the sessions, unless nil. Others: there is more than one.
	Sessions []SessionView
	Others   bool
}

// A SessionView is a session as its owner sees it.
type SessionView struct {
	ID, Device, Address string
	LastUsed, Since     moment
	Current             bool
}

// A link leads to another page.
type Link struct{ URL, Text string }

// Failed reports whether the page says that something is wrong with what was filled in.
func (v View) Failed() bool { return v.Form != nil && len(v.Form.Problems()) > 0 }

// Wide reports whether it is the page with the sessions, which needs more room than a form.
func (v View) Wide() bool { return v.Sessions != nil }

// New makes the pages of a service with the public URL. They show what config says, and defaults
// where it is empty.
func New(config Config, public *url.URL) *Pages {
	p := &Pages{Config: config, origin: public.Scheme + "://" + public.Host, base: strings.TrimSuffix(public.EscapedPath(), "/")}
	if p.ShopName == "" {
		p.ShopName = "Gatehouse"
	}
	if p.SignInRedirect == "" {
		p.SignInRedirect = p.base + "/"
	}
	if p.TimeZone == nil {
		p.TimeZone = time.UTC
	}
	p.Texts = p.Texts.orEnglish()
	p.assets = newAssets(p.Logo)
	p.policy = formPolicy(p.formTargets())
	p.templates = p.newTemplates()
	return p
}

// The templates of the pages.
const (
	formTemplate     = "form.html"
	sessionsTemplate = "sessions.html"
)

func (p *Pages) newTemplates() map[string]*template.Template {
	layout := template.Must(template.New("layout").Funcs(template.FuncMap{
		"text":  p.Texts.say,
		"shop":  func() string { return p.ShopName },
		"asset": func(name string) string { return p.base + assetFolder + p.assets.names[name] },
		"logo":  p.logo,
	}).Parse(string(pageFile("layout.html"))))
	template.Must(layout.Parse(string(pageFile("parts.html"))))
	all := map[string]*template.Template{}
	for _, name := range []string{formTemplate, sessionsTemplate} {
		all[name] = template.Must(template.Must(layout.Clone()).Parse(string(pageFile(name))))
	}
	return all
}

func (p *Pages) logo() string {
	if name := p.assets.names[logoName]; name != "" {
		return p.base + assetFolder + name
	}
	return ""
}

// formPolicy is the Content-Security-Policy of pages. It lets a page load our assets and send its
// form to us. targets are origins to which the answer may redirect: browsers apply form-action to
// redirects too.
func formPolicy(targets []string) string {
	return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action " +
		strings.Join(append([]string{"'self'"}, targets...), " ") + "; base-uri 'none'; frame-ancestors 'none'"
}

// formTargets are the origins, besides our own, to which a sign-in may redirect.
func (p *Pages) formTargets() []string {
	targets := slices.Clone(p.RedirectAllowed)
	if u, err := url.Parse(p.SignInRedirect); err == nil && u.Host != "" {
		targets = append(targets, u.Scheme+"://"+u.Host)
	}
	slices.Sort(targets)
	return slices.Compact(targets)
}

// Say returns the text with the key, see [Texts.Say].
func (p *Pages) Say(key string, arguments ...string) string { return p.Texts.say(key, arguments...) }

// Render returns the HTML of a page and its Content-Security-Policy. An error is a fault of the
// templates.
func (p *Pages) Render(v View) (html []byte, policy string, err error) {
	name := formTemplate
	if v.Wide() {
		name = sessionsTemplate
	}
	var out bytes.Buffer
	err = p.templates[name].ExecuteTemplate(&out, "layout", v)
	return out.Bytes(), p.policy, err
}

// Link returns the path of one of our pages, such as "login", as people see it.
func (p *Pages) Link(name string, query url.Values) string {
	return p.Address("/accounts/"+name+"/", query)
}

// Address puts the path prefix that people see before a path of ours.
func (p *Pages) Address(path string, query url.Values) string {
	address := p.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}
