FROM alpine
ONBUILD RUN <<EOF
FROM x
EOF
ONBUILD COPY --from=golang:1.26 a b
