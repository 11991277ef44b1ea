FROM golang:1.26 AS build
FROM scratch
COPY --from=0 /a /b
FROM build
FROM golang:1.25 AS golang
FROM golang
FROM golang:1.24
