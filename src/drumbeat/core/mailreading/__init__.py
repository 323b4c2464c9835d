"""Reads what comes back by mail: failure notices, complaints, automatic and human answers. Text in, values out."""

from drumbeat.core.mailreading.reading import Reading, read_mail

__all__ = ["Reading", "read_mail"]
