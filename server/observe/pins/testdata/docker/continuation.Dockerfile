FROM golang:1.26 \   
  \
  AS \
# comment
   # another
  x
RUN a \

  b \\
RUN c \\\
RUN d
RUN e \ x
RUN f \
