//go:build system

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

// What .ci/axe gets, and where the pictures are put.
const (
	axeFile          = "../../../bin/axe-core/axe.min.js"
	screenshotFolder = "../../../bin/screenshots"
)

// A look is what is measured of a page as it is shown.
type look struct {
	Violations []string // of axe-core's rules
	Passes     int      // rules that axe-core has found kept
	Width      int      // of the page; wider than the screen, it has to be scrolled
	Small      []string // what is to be pressed and is smaller than a thumb
}

// thumb is the least height and width, in CSS pixels, of what is to be pressed.
const thumb = "44"

const measure = `(async () => {
  const small = [];
  for (const e of document.querySelectorAll("a, button, input:not([type=hidden]):not([hidden])")) {
    const box = e.getBoundingClientRect();
    if (box.height < ` + thumb + ` || box.width < ` + thumb + `) small.push(e.outerHTML.slice(0, 100) + " " + box.width + "x" + box.height);
  }
  const found = await axe.run(document, {resultTypes: ["violations", "incomplete"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
  const tell = (v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html.slice(0, 200) + " " + n.failureSummary).join("; ");
  return {
    Violations: found.violations.concat(found.incomplete).map(tell), Passes: found.passes.length,
    Width: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth), Small: small,
  };
})()`

// lookAt measures the page in the tab.
func (b *tab) lookAt(axe string) look {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{}) // the page is there already
	evaluate[int](b, "if (!window.axe) {"+axe+"};0")
	return evaluate[look](b, measure)
}

// mustBeGood fails the test for everything about the page that somebody would trip over.
func (b *tab) mustBeGood(axe string, s screen) {
	b.t.Helper()
	found := b.lookAt(axe)
	for _, violation := range found.Violations {
		b.t.Errorf("axe: %s", violation)
	}
	if found.Passes < 10 {
		b.t.Errorf("axe has looked at %d rules only", found.Passes)
	}
	if found.Width > int(s.width) {
		b.t.Errorf("the page is %d pixels wide on a screen of %d", found.Width, s.width)
	}
	for _, element := range found.Small {
		b.t.Errorf("too small to be pressed: %s", element)
	}
	b.noFaults()
}

// photograph puts a picture of the whole page into the folder.
func (b *tab) photograph(name string) {
	b.t.Helper()
	whole := true
	picture := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &whole})
	if err := os.WriteFile(filepath.Join(screenshotFolder, strings.ReplaceAll(name, " ", "-")+".png"), picture.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// readAxe returns axe-core.
func readAxe(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("run .ci/axe first: %v", err)
	}
	if err := os.MkdirAll(screenshotFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	return string(content)
}
