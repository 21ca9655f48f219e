# syntax=docker/dockerfile:1
# docker build -t pedviz . && docker run --rm -p 7860:7860 pedviz
FROM python:3.12-slim AS build
WORKDIR /build
COPY requirements.txt requirements.lock ./
# PyTorch's CPU wheels first: the lock's own would bring 6 GB for GPUs.
RUN python -m venv /venv \
    && grep -E '^torch(vision)?==' requirements.txt > torch.txt \
    && /venv/bin/pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu -r torch.txt \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.12-slim
RUN useradd --create-home --uid 1000 pedviz
WORKDIR /app
COPY --from=build /venv /venv
COPY app.py LICENSE ./
COPY pedviz ./pedviz
COPY assets ./assets
USER 1000
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["/venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/licence.txt', timeout=4)"]
CMD ["/venv/bin/python", "app.py", "--host", "0.0.0.0", "--port", "7860"]
