// Package web is the monitor's HTTP server: the page, what the page asks, what
// scrapers and service managers ask, and the few buttons that change something.
//
// Whoever runs a browser runs programs of strangers, and each of them can send
// requests to this machine. So everything here is refused unless it is known to
// be meant: a token (RFC 6750, or a cookie made from it) says who asks, the Host
// header says that no foreign name was made to lead here (DNS rebinding), Origin
// and Sec-Fetch-Site say which page asks (the Fetch standard; RFC 6454), and
// whatever changes something takes only JSON, which no form can send.
//
// What one client does must not stop the others: connections, headers, bodies,
// times, requests and streams are bounded, and a client that does not read is
// dropped.
package web
