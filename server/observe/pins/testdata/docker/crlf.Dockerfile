FROM golang:1.26
RUN a \
  b
# c
RUN d
