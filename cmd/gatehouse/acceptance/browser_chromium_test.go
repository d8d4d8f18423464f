//go:build system

package acceptance

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"gatehouse/cmd/internal/running"
)

// A screen is what a page is looked at with.
type screen struct {
	name          string
	width, height int64
	mobile        bool
	scripts       bool
}

var (
	phone   = screen{"phone", 360, 740, true, true}
	desktop = screen{"desktop", 1280, 800, false, true}
)

// screens are all that every page is looked at with, each in light and in dark.
func screens() (all []screen) {
	for _, s := range []screen{phone, desktop} {
		for _, s.scripts = range []bool{true, false} {
			all = append(all, s)
		}
	}
	return all
}

var schemes = []string{"light", "dark"}

func (s screen) String() string {
	if !s.scripts {
		return s.name + "-without-scripts"
	}
	return s.name
}

// chromium starts a browser for a test. Each of its tabs is like a browser of its own.
func chromium(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	options := append(more, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.WSURLReadTimeout(running.Patience))
	if os.Getuid() == 0 { // as in a container: Chromium's own sandbox refuses to run as root
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	browser, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("Chromium does not start; apt-get install chromium: %v", err)
	}
	return browser
}

// A tab is one person's browser, with cookies of its own. It keeps what went wrong in it.
type tab struct {
	t       *testing.T
	ctx     context.Context
	server  *pageServer
	origin  string // to which every request must go
	watched sync.Mutex
	faults  []string
	paths   map[network.RequestID]string
	weight  map[string]float64 // by address, in bytes
}

func openTab(t *testing.T, browser context.Context, server *pageServer, s screen) *tab {
	t.Helper()
	return newTab(t, browser, server, s, chromedp.WithNewBrowserContext())
}

// another is a second tab of the same person, with the same cookies.
func (b *tab) another(s screen) *tab {
	b.t.Helper()
	return newTab(b.t, b.ctx, b.server, s)
}

func newTab(t *testing.T, beside context.Context, server *pageServer, s screen, options ...chromedp.ContextOption) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(beside, options...)
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx, server: server, origin: server.url, paths: map[network.RequestID]string{}, weight: map[string]float64{}}
	if err := chromedp.Listen(ctx, b.watch); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	b.ctx, stop = context.WithTimeout(ctx, 2*running.Patience)
	t.Cleanup(stop)
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: s.height, DeviceScaleFactor: 1, Mobile: s.mobile,
	})
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !s.scripts})
	return b
}

// call sends a command of the DevTools protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], parameters P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, parameters)
	if err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return result
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

// watch notes errors, violations of the policy, and requests that go elsewhere.
func (b *tab) watch(event any) {
	b.watched.Lock()
	defer b.watched.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.faults = append(b.faults, fmt.Sprintf("console.%s", e.Type))
	case *log.EventEntryAdded:
		trouble := e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning
		if trouble && e.Entry.Source != log.EntrySourceNetwork { // Chromium finds it worth a line that a page has the status 401
			b.faults = append(b.faults, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, b.origin+"/") {
			b.faults = append(b.faults, "a request to "+url)
		}
		b.paths[e.RequestID] = e.Request.URL
	case *network.EventLoadingFailed:
		b.faults = append(b.faults, "failed: "+e.ErrorText+string(e.BlockedReason))
	case *network.EventLoadingFinished:
		path := b.paths[e.RequestID]
		b.weight[path] = max(b.weight[path], e.EncodedDataLength) // the second time it comes from the cache
	}
}

// noFaults fails the test for what went wrong since it was last asked.
func (b *tab) noFaults() {
	b.t.Helper()
	b.watched.Lock()
	defer b.watched.Unlock()
	for _, fault := range b.faults {
		b.t.Errorf("in the browser: %s", fault)
	}
	b.faults = nil
}

// loaded is how much the page that is shown has made the browser load, in bytes.
func (b *tab) loaded() (sum float64) {
	b.t.Helper()
	addresses := evaluate[[]string](b, "performance.getEntriesByType('resource').map((e) => e.name).concat(location.href)")
	b.watched.Lock()
	defer b.watched.Unlock()
	for _, address := range addresses {
		sum += b.weight[address]
	}
	return sum
}

// prefer says whether the person likes it light or dark.
func (b *tab) prefer(scheme string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
}

// visit goes to a path of the service.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.origin + path))
}

// submit fills in fields, given as name and text in turn, and presses the button that the
// selector finds.
func (b *tab) submit(button string, fields ...string) {
	b.t.Helper()
	for i := 0; i < len(fields); i += 2 {
		field := chromedp.CSS("#" + fields[i])
		evaluate[string](b, "document.querySelector("+jsText("#"+fields[i])+").value = ''")
		b.do(chromedp.SendKeys(field, fields[i+1]))
	}
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(button))); err != nil {
		b.t.Fatalf("pressing %s: %v", button, err)
	}
}

// text is what the element says, or nothing if there is none.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return evaluate[string](b, "document.querySelector("+jsText(selector)+")?.innerText ?? ''")
}

// evaluate runs JavaScript, also in a page that must not run any itself.
func evaluate[T any](b *tab, script string) T {
	b.t.Helper()
	result, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return result
}

// mustSay fails the test unless the page's heading is the one given.
func (b *tab) mustSay(heading string) {
	b.t.Helper()
	if got := b.text("h1"); got != heading {
		b.t.Fatalf("the page is headed %q, want %q:\n%s", got, heading, b.text("body"))
	}
}

func jsText(text string) string { return fmt.Sprintf("%q", text) }
