# The dashboard, and the proxy before several of them (compose.yaml). Build the first with the address of PyTorch's CPU wheels,
# as the selector on its site shows it: docker build --build-arg TORCH_WHEELS=… -t mnistgrad .
FROM debian:bookworm-20250811-slim AS proxy
# The distribution's own, with its security updates.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --no-install-recommends -y haproxy && rm -rf /var/lib/apt/lists/*
COPY deploy/haproxy.cfg deploy/busy.http /etc/haproxy/
ENV LISTEN=:8500 BUSY=/etc/haproxy/busy.http
USER 65534
EXPOSE 8500
CMD ["haproxy", "-f", "/etc/haproxy/haproxy.cfg"]

FROM python:3.13.7-slim-bookworm
# Without the address pip takes what it finds by itself: on x86 a build for CUDA, with 4 GB that nothing here uses.
ARG TORCH_WHEELS=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements.txt /build/
RUN grep ^torch /build/requirements.txt > /build/torch.txt \
    && if [ -n "$TORCH_WHEELS" ]; then export PIP_INDEX_URL="$TORCH_WHEELS"; fi \
    && pip install -r /build/torch.txt && unset PIP_INDEX_URL \
    && pip install -r /build/requirements.txt
COPY . /build/
RUN pip install --no-deps /build && rm -rf /build && useradd --create-home --home-dir /reader --uid 1000 reader
USER 1000
WORKDIR /reader
ENV STREAMLIT_SERVER_ADDRESS=0.0.0.0 STREAMLIT_SERVER_PORT=8501 STREAMLIT_SERVER_HEADLESS=true
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=9)"]
CMD ["mnistgrad", "run"]
