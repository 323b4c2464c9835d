"""Reads what comes back by mail: failure notices, complaints, automatic and human answers. Text in, values out."""

from drumbeat.core.mailreading.bounces import Failure, failure_told
from drumbeat.core.mailreading.reading import Reading, read_mail

__all__ = ["Failure", "Reading", "failure_told", "read_mail"]
