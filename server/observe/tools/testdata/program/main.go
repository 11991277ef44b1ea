// Command program is a program that tests read: it depends on
// golang.org/x/tools, so that a release of it stands in its build information.
package main

import (
	"fmt"

	"golang.org/x/tools/txtar"
)

func main() { fmt.Println(len(txtar.Parse(nil).Files)) }
