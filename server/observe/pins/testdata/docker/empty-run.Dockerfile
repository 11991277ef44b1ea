FROM golang:1.26
RUN
WORKDIR "/a b"
VOLUME ["/x"]
EXPOSE 80
SHELL ["/bin/sh", "-c"]
HEALTHCHECK --interval=5s CMD x
STOPSIGNAL 9
USER u
LABEL a=b c="d e"
MAINTAINER m
CMD ["x"]
ENTRYPOINT x
