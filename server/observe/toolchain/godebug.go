package toolchain

import (
	"fmt"
	"strings"
	"sync"
)

// godebugs are the settings that a godebug line may name, with the releases
// that added them; 23 stands for all that read such lines
// (internal/godebugs/table.go).
var godebugs = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for since, names := range map[int]string{
		23: `allowmultiplevcs asynctimerchan execerrdot gocachehash gocachetest
			gocacheverify gotypesalias http2client http2debug http2server
			httplaxcontentlength httpmuxgo121 httpservecontentkeepheaders
			installgoroot jstmpllitinterp multipartfiles multipartmaxheaders
			multipartmaxparts multipathtcp netdns netedns0 panicnil randautoseed
			tarinsecurepath tls10server tls3des tlskyber tlsmaxrsasize tlsrsakex
			tlsunsafeekm winreadlinkvolume winsymlink x509keypairleaf
			x509negativeserial x509sha1 x509usefallbackroots x509usepolicies
			zipinsecurepath`,
		24: `dataindependenttiming fips140 gotestjsonbuildtext httpcookiemaxnum
			randseednop rsa1024min tlsmlkem x509rsacrt`,
		25: `containermaxprocs decoratemappings embedfollowsymlinks tlssha1
			updatemaxprocs x509sha256skid`,
		26: `cryptocustomrand fips140ems htmlmetacontenturlescape tlssecpmlkem
			urlmaxqueryparams urlstrictcolons`,
	} {
		for name := range strings.FieldsSeq(names) {
			m[name] = since
		}
	}
	return m
})

// checkGodebug is cmd/go/internal/modload/init.go CheckGodebug.
func checkGodebug(release int, localVersion, key, value string) string {
	switch {
	case strings.ContainsAny(key, " \t"):
		return "key contains space"
	case strings.ContainsAny(value, " \t"):
		return "value contains space"
	case strings.Contains(key, ","):
		return "key contains comma"
	case strings.Contains(value, ","):
		return "value contains comma"
	}
	if key == "default" {
		v, ok := strings.CutPrefix(value, "go")
		if !ok || !isValid(v) {
			return "value for default= must be goVERSION"
		}
		if compare(v, localVersion) > 0 {
			return fmt.Sprintf("default=%s too new (toolchain is go%s)", value, localVersion)
		}
		return ""
	}
	if key == "x509sha1" && release >= 26 {
		return `use of removed godebug "x509sha1", see https://go.dev/doc/godebug#go-124`
	}
	since, ok := godebugs()[key]
	gone := key == "tlskyber" && release >= 24 || key == "x509sha1" && release >= 24
	if !ok || release < since || gone {
		return fmt.Sprintf("unknown godebug %q", key)
	}
	return ""
}
