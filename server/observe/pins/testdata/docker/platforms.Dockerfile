ARG OK=${TARGETPLATFORM#linux/amd64}
ARG OK=${OK:+"unsupported"}
ARG OK=${OK:-"supported"}
FROM --platform=$BUILDPLATFORM golang:1.26 AS a-supported
FROM alpine AS a-unsupported
FROM a-${OK}
FROM a-${OK}-${TARGETARCH}${TARGETVARIANT}
