package web

import (
	"net/http"
	"net/url"
	"strings"

	"godrift.dev/server/tell"
)

// The limits of a question's parameters.
const (
	mostParams = 24
	mostParam  = 1024
)

// plain takes the query of an address apart. Each parameter may be given once:
// two programs could take a different one of several.
func plain(raw string) (url.Values, error) {
	if strings.Count(raw, "&") >= mostParams {
		return nil, failed(http.StatusBadRequest, "the question has too many parameters")
	}
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, failed(http.StatusBadRequest, "the parameters of the question cannot be read")
	}
	for name, values := range query {
		switch {
		case len(values) != 1:
			return nil, failed(http.StatusBadRequest, "a parameter of the question is given more than once")
		case len(name) > mostParam || len(values[0]) > mostParam:
			return nil, failed(http.StatusBadRequest, "a parameter of the question is too long")
		}
	}
	return query, nil
}

// question reads what is asked.
func question(ask string, query url.Values) (tell.PageQuestion, error) {
	q, err := tell.ParsePageQuestion(ask, query)
	if err != nil {
		return q, told(http.StatusBadRequest, err)
	}
	return q, nil
}
