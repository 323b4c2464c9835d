"""Names of people by language, all common ones put together by chance. Knows no partner."""

from __future__ import annotations

from random import Random

# language: given names | family names
NAMES = {
    "de": "Anna Lukas Miriam Jonas Katrin Felix Sabine Tobias Ulrike Matthias Heike Stefan|"
    "Bergmann Vogt Lindner Kessler Brandt Hoffmann Reuter Seidel Arnold Winkler Baumann Pohl",
    "fr": "Camille Julien Élodie Mathieu Sophie Antoine Claire Nicolas Hélène Thibault|"
    "Moreau Lefèvre Garnier Chevalier Roussel Blanchard Fontaine Marchand Perrin Dumas",
    "nb": "Ingrid Lars Silje Henrik Kari Magnus Astrid Eirik|Haugen Solberg Lien Berge Strand Moen Dahl Aas",
    "sv": "Elin Johan Karin Oskar Maja Anders Sofia Nils|Lindgren Sjöberg Ek Nyström Åberg Holm Wallin Dahlgren",
    "da": "Freja Mikkel Lene Rasmus Pia Søren|Kjær Mortensen Holm Lauridsen Bech Vestergaard",
    "fi": "Aino Juha Päivi Mikko Sanna Antti|Laine Korhonen Mäkelä Heikkinen Niemi Salonen",
    "is": "Guðrún Jón Katrín Einar|Arnadóttir Bjarnason Helgadóttir Sveinsson",
    "nl": "Sanne Daan Marieke Bram Femke Wouter Lotte Joris|Visser Bakker Mulder Smit Dekker Claes Peeters Maes",
    "en": "Emma James Priya Oliver Grace Daniel Hannah Marcus Rachel Owen Leila Thomas Nadia Patrick|"
    "Turner Whitfield Hughes Marsh Doyle Bennett Khan Foster Reid Sullivan Okafor Clarke Nolan Price",
    "es": "Lucía Javier Carmen Diego Paula Andrés Elena Rafael|Romero Castillo Vega Navarro Ortega Molina Fuentes Rivas",
    "pt": "Beatriz Rui Inês Tiago Marta Nuno|Carvalho Teixeira Matos Pinto Faria Lopes",
    "pt-BR": "Mariana Rafael Juliana Thiago Fernanda Bruno|Barbosa Nogueira Azevedo Moura Cardoso Teles",
    "it": "Giulia Marco Chiara Luca Francesca Davide|Ferri Galli Conti Moretti Bianco Serra",
    "el": "Eleni Nikos Sofia Giorgos|Papadakis Georgiou Lamprou Vlachos",
    "pl": "Agnieszka Piotr Magdalena Tomasz Ewa Marek|Nowicki Zieliński Wrona Kaczmarek Lis Dudek",
    "cs": "Jana Petr Lucie Tomáš|Dvořák Král Marek Beneš",
    "hu": "Zsófia Gábor Réka Balázs|Kovács Szabó Varga Farkas",
    "ja": "Haruka Kenji Yumi Takeshi Aya Daisuke Naoko Shun|Tanaka Mori Fujita Okada Hayashi Ueda Sakai Kondo",
    "IN": "Ananya Rahul Deepa Vikram Meera Arjun Kavita Sanjay|Iyer Deshmukh Menon Kulkarni Rao Bhat Nair Joshi",
    "SG": "Weiling Jiahao Siti Marcus Huimin Darren|Tan Lim Ong Rahman Goh Teo",
    "AE": "Layla Omar Fatima Khalid Noura Yusuf|Haddad Rahimi Mansour Saleh Nasser Farouk",
    "ZA": "Thandi Pieter Lerato Johan Naledi Sipho|Dlamini Botha Naidoo Mokoena Jacobs Khumalo",
    "TR": "Elif Mehmet Zeynep Can|Yıldız Demir Aydın Koç",
    "RO": "Ioana Andrei Mihaela Radu|Popescu Munteanu Dobre Stan",
    "LV": "Ilze Jānis Laura Mārtiņš|Ozols Liepa Kalniņš Bērziņa",
}  # fmt: skip


def name_of(country: str, language: str, chance: Random) -> str:
    """A name as people there bear it, by country where the language doesn't tell."""
    given, family = (half.split() for half in NAMES.get(country, NAMES.get(language, NAMES["en"])).split("|"))
    return f"{chance.choice(given)} {chance.choice(family)}"
