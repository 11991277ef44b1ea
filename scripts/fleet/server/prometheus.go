package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"time"
)

// Prometheus is one that runs.
type Prometheus struct {
	*Process
	Address string
	// Data is its folder.
	Data string
}

// StartPrometheus starts Prometheus with a configuration file, whose folder becomes
// its own, at a free address.
func StartPrometheus(ctx context.Context, config string, args ...string) (*Prometheus, error) {
	address, err := Address()
	if err != nil {
		return nil, err
	}
	return StartPrometheusAt(ctx, address, config, args...)
}

// StartPrometheusAt starts it at a certain address.
func StartPrometheusAt(ctx context.Context, address, config string, args ...string) (*Prometheus, error) {
	dir := filepath.Dir(config)
	p := &Prometheus{Address: address, Data: filepath.Join(dir, "data")}
	var err error
	p.Process, err = start(
		ctx, dir, question{url: "http://" + address + "/-/ready"}, "prometheus", nil,
		append([]string{
			"--config.file=" + config, "--storage.tsdb.path=" + p.Data, "--web.listen-address=" + address,
			"--storage.tsdb.retention.time=10y", "--web.enable-lifecycle", "--web.enable-admin-api", "--log.level=warn",
		}, args...)...,
	)
	return p, err
}

// Series is what a query yields: its labels, and the value at each time.
type Series struct {
	Labels map[string]string
	Values []float64
}

// Query asks for an instant.
func (p *Prometheus) Query(ctx context.Context, expr string, at time.Time) ([]Series, error) {
	return p.ask(ctx, "/api/v1/query", url.Values{"query": {expr}, "time": {stamp(at)}})
}

// QueryRange asks for a range.
func (p *Prometheus) QueryRange(ctx context.Context, expr string, from, to time.Time, step time.Duration) ([]Series, error) {
	return p.ask(ctx, "/api/v1/query_range", url.Values{
		"query": {expr}, "start": {stamp(from)}, "end": {stamp(to)}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
	})
}

func stamp(at time.Time) string { return strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64) }

func (p *Prometheus) ask(ctx context.Context, path string, form url.Values) ([]Series, error) {
	var data struct {
		ResultType string
		Result     json.RawMessage
	}
	if err := p.Get(ctx, path, form, &data); err != nil {
		return nil, fmt.Errorf("%s: %w", form.Get("query"), err)
	}
	switch data.ResultType {
	case "scalar":
		return []Series{{Values: []float64{0}}}, nil
	case "vector", "matrix":
	default:
		return nil, fmt.Errorf("%s: a %s", form.Get("query"), data.ResultType)
	}
	var results []struct {
		Metric map[string]string
		Value  [2]any
		Values [][2]any
	}
	if err := json.Unmarshal(data.Result, &results); err != nil {
		return nil, err
	}
	var all []Series
	for _, r := range results {
		s := Series{Labels: r.Metric}
		if data.ResultType == "vector" {
			r.Values = [][2]any{r.Value}
		}
		for _, v := range r.Values {
			text, _ := v[1].(string)
			number, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, err
			}
			s.Values = append(s.Values, number)
		}
		all = append(all, s)
	}
	return all, nil
}

// Get asks the API for something, which is decoded into data.
func (p *Prometheus) Get(ctx context.Context, path string, form url.Values, data any) error {
	return p.do(ctx, http.MethodGet, path, form, data)
}

// Post has the API do something.
func (p *Prometheus) Post(ctx context.Context, path string, data any) error {
	return p.do(ctx, http.MethodPost, path, nil, data)
}

func (p *Prometheus) do(ctx context.Context, method, path string, form url.Values, data any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+p.Address+path+"?"+form.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	envelope := struct {
		Status, Error string
		Data          any
	}{Data: data}
	if err := json.Unmarshal(text, &envelope); err != nil {
		return fmt.Errorf("%s: %s", answer.Status, text)
	}
	if envelope.Status != "success" {
		return errors.New(envelope.Error)
	}
	return nil
}
