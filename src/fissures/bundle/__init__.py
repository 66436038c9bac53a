"""Bundles: arrays and a manifest on disk, with digests; knows no model."""
