package tell

import (
	"charm.land/lipgloss/v2"

	"godrift.dev/server/drift"
)

// palette colours words, or leaves them as they are.
type palette struct {
	on                                                bool
	failed, warning, info, hint, frame, strong, faint lipgloss.Style
	good, plain                                       lipgloss.Style
}

// newPalette keeps to the sixteen colours that a person's terminal defines, so
// that they fit every background.
func newPalette(on bool) palette {
	if !on {
		return palette{}
	}
	bold := lipgloss.NewStyle().Bold(true)
	return palette{
		on:      true,
		failed:  bold.Foreground(lipgloss.Red),
		warning: bold.Foreground(lipgloss.Yellow),
		info:    bold.Foreground(lipgloss.Cyan),
		hint:    bold.Foreground(lipgloss.Green),
		frame:   lipgloss.NewStyle().Foreground(lipgloss.Blue),
		strong:  bold,
		faint:   lipgloss.NewStyle().Faint(true),
		good:    bold.Foreground(lipgloss.Green),
	}
}

func (p palette) paint(style lipgloss.Style, s string) string {
	if !p.on || s == "" {
		return s
	}
	return style.Render(s)
}

func (p palette) severity(s drift.Severity) lipgloss.Style {
	switch s {
	case drift.SeverityError:
		return p.failed
	case drift.SeverityWarning:
		return p.warning
	case drift.SeverityInfo:
		return p.info
	}
	return p.hint
}
