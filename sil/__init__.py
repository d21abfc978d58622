"""Strategic Interface Layer: Cantata, TM Forum and the native API for enterprises and developers."""
