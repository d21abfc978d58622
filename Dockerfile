FROM python:3.11-slim
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir -r requirements.lock
COPY lso lso
COPY pil pil
COPY sil sil
COPY specs specs
COPY mappings mappings
COPY tests/samples tests/samples
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && useradd --system --create-home lso
USER lso
WORKDIR /home/lso
ENTRYPOINT ["lso"]
