# Lathe without a compiler: the command, its experiments and `make quickstart`.
#   docker build --tag lathe .
#   docker run --rm --volume "$PWD/results:/lathe/results" lathe
# All tests, in the stage that has the compiler:
#   docker build --target test .

FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make
WORKDIR /lathe
COPY scripts/setup scripts/
RUN scripts/setup
COPY . .
RUN make build

FROM build AS test
RUN make test

FROM swift:6.3-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
        ca-certificates curl libnettle8 libopenblas0 libutf8proc2 libxml2 libyaml-0-2 make zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /lathe/.build/release/lathe /usr/local/bin/lathe
WORKDIR /lathe
COPY Makefile lathe.schema.json lathe-sweep.schema.json ./
COPY experiments experiments
ENV LATHE=lathe
CMD ["make", "quickstart"]
