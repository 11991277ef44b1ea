FROM golang:1.26 AS build
RUN go build
FROM alpine
COPY --from=build --chown=a:b /a /b
