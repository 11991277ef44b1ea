package pins

import (
	"testing"

	"godrift.dev/server/drift"
)

func TestDeclared(t *testing.T) {
	for _, c := range []struct {
		name     string
		declared drift.DeclaredPin
		formatCase
	}{
		{"pattern", drift.DeclaredPin{Path: "go.toolchain.rev", Pattern: `^go(1\.\S+)$`, Role: drift.RoleBuild}, formatCase{
			file: "go.toolchain.rev", content: "# é\r\n\r\ngo1.26.1\r\ngo1.25\n", want: "3:3-9 godrift.toml:pin build \"1.26.1\" exact 1.26.1\n4:3-7 godrift.toml:pin build \"1.25\" line 1.25\n",
		}},
		{"meaning", drift.DeclaredPin{Path: "build/**/*.txt", Pattern: `least (\S+)`, Role: drift.RoleFloor, Meaning: drift.MeaningMin}, formatCase{
			file: "build/a/b.txt", content: "least 1.25", want: "1:7-11 godrift.toml:pin floor \"1.25\" min 1.25\n",
		}},
		{"json", drift.DeclaredPin{Path: "package.json", Key: "engines.go", Role: drift.RoleDevelop}, formatCase{
			file: "package.json", content: "{\"é\": 1, // c\n \"engines\": {\"node\": \"20\", \"go\": \"^1.25\",},}", want: "2:35-40 godrift.toml:pin develop \"^1.25\" range ^1.25\n",
		}},
		{"toml", drift.DeclaredPin{Path: "*.toml", Key: "a.go.1", Role: drift.RoleDevelop}, formatCase{
			file: "x.toml", content: "[a]\ngo = ['1.24', '1.25.3']\n", want: "2:16-22 godrift.toml:pin develop \"1.25.3\" exact 1.25.3\n",
		}},
		{"yaml", drift.DeclaredPin{Path: "**/v.yaml", Key: "tools.go", Role: drift.RoleShip}, formatCase{
			file: "a/v.yaml", content: "é: 1\ntools: {go: \"stable\"}\n", want: "2:14-20 godrift.toml:pin ship \"stable\" stable\n",
		}},
		{"setting", drift.DeclaredPin{Path: "x", Pattern: "T=(.*)", Role: drift.RoleBuild, Meaning: drift.MeaningSetting}, formatCase{
			file: "x", content: "T=local\n", want: "1:3-8 godrift.toml:pin build \"local\" setting local\n",
		}},
		{"unreadable", drift.DeclaredPin{Path: "x", Pattern: "v=(.*)", Role: drift.RoleBuild}, formatCase{
			file: "x", content: "v=one\nv=\n", want: "1:3-6 godrift.toml:pin build \"one\" unknown [why: no Go version can be read from this]\n",
		}},
		{"broken", drift.DeclaredPin{Path: "x.json", Key: "go", Role: drift.RoleBuild}, formatCase{
			file: "x.json", content: "{", want: "1:1+0 problem: this is not JSON, so the key go that godrift.toml names is not read: hujson: line 1, column 2: parsing value: unexpected EOF\n",
		}},
		{"no key", drift.DeclaredPin{Path: "x.ini", Key: "go", Role: drift.RoleBuild}, formatCase{
			file: "x.ini", content: "go=1.2", want: "1:1+0 problem: godrift.toml names the key go in this file, which is neither JSON nor TOML nor YAML: give it a pattern instead\n",
		}},
		{"other file", drift.DeclaredPin{Path: "x", Pattern: "(1.2)", Role: drift.RoleBuild}, formatCase{file: "y", content: "1.2"}},
		{"no group", drift.DeclaredPin{Path: "x", Pattern: "1.2", Role: drift.RoleBuild}, formatCase{file: "x", content: "1.2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Declare([]drift.DeclaredPin{c.declared})
			doc := document(c.file, []byte(c.content))
			pins, problems := d.Parse(doc, c.file)
			sound(t, doc, pins, problems)
			if got := describe(doc, pins, problems); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			moved := c.declared
			moved.Place.File = "elsewhere"
			if !d.Equal(Declare([]drift.DeclaredPin{moved})) || len(d.list) > 0 && d.Equal(nil) {
				t.Error("the place of a declaration counts")
			}
		})
	}
}

func FuzzDeclared(f *testing.F) {
	f.Add([]byte("{\"go\": \"1.25\"}"), ".json")
	f.Add([]byte("go = \"1.25\""), ".toml")
	f.Add([]byte("go: '1.25'"), ".yaml")
	f.Fuzz(func(t *testing.T, content []byte, ext string) {
		d := Declare([]drift.DeclaredPin{
			{Path: "**", Key: "go", Role: drift.RoleBuild},
			{Path: "**", Pattern: `go\W*(\S*)`, Role: drift.RoleBuild},
		})
		doc := document("file"+ext, content)
		pins, problems := d.Parse(doc, "file")
		sound(t, doc, pins, problems)
	})
}
