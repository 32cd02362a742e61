"""The words that generated companies are named with."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """A text in lower case without accents."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char)
    )


_ENGLISH_FAMILIES = """
Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Jackson
Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Baker
Nelson Campbell Mitchell Carter Roberts Turner Phillips Parker Evans Edwards Collins Stewart Morris
Murphy Cook Rogers Morgan Cooper Peterson Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson
Brooks Bennett Gray Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell Jenkins Perry
Butler Barnes Fisher Henderson Coleman Simmons Patterson Jordan Reynolds Hamilton Graham Wallace Woods
West Hayes Bryant Gibson Ellis Stevens Murray Ford Marshall Owens McDonald Harrison Kennedy Wells Webb
Simpson Tucker Porter Hunter Hicks Crawford Boyd Mason Warren Dixon Burns Gordon Shaw Holmes Rice
Robertson Hunt Black Daniels Palmer Mills Nichols Grant Knight Ferguson Rose Stone Dunn Perkins Hudson
Spencer Gardner Payne Pierce Berry Matthews Arnold Wagner Willis Watkins Olson Carroll Duncan Snyder Hart
Cunningham Bradley Lane Andrews Harper Fox Riley Armstrong Carpenter Weaver Greene Lawrence Elliott Sims
Austin Peters Kelley Franklin Lawson Fields Ryan Schmidt Carr Wheeler Chapman Oliver Montgomery Richards
Williamson Johnston Banks Meyer Bishop McCoy Howell Morrison Hansen Garza Harvey Burton Nguyen Patel
Singh Chen Wong Kim Garcia Martinez Rodriguez Lopez Gonzalez Rivera Kowalski Novak Petrov Schneider
Vandenberg DeVries OConnor ONeill MacLeod MacKenzie McLaughlin Fitzgerald Abernathy Blackwood Calloway
Dempsey Eastman Fairbanks Goodwin Hargrove Ingram Jarvis Kessler Lockhart Mayfield Norwood Oakley
Pemberton Quinlan Radcliffe Sinclair Thornton Underhill Vickers Whitaker Yates Zimmerman
"""
ENGLISH_FAMILIES = _ENGLISH_FAMILIES.split()

_FRENCH_FAMILIES = """
Tremblay Gagnon Roy Côté Bouchard Gauthier Morin Lavoie Fortin Gagné Ouellet Pelletier Bélanger Lévesque
Bergeron Leblanc Paquette Girard Simard Boucher Caron Beaulieu Cloutier Dubé Poirier Fournier Lapointe
Leclerc Lefebvre Poulin Thibault St-Pierre Nadeau Martel Landry Martineau Beaudoin Bédard Grenier Lessard
Bernier Richard Michaud Hébert Desjardins Couture Turcotte Lachance Parent Blais Gosselin Savard Proulx
Beauchamp Demers Gingras Cyr Boudreau Perreault Houle Villeneuve Rousseau Charbonneau Dufour Lemieux
Vachon Thériault Dion Giroux Nolin Allard Laflamme Deschênes Audet Mercier Picard Raymond Mailloux Tardif
Drolet Goulet Lacroix Rivard Champagne Bilodeau Boivin Legault Provost Marcotte Asselin Brassard
Chartrand Dupuis Émond Filion Guay Hamel Isabelle Jobin Labelle Moreau Normand Ostiguy Pouliot Quirion
Renaud Sauvé Trudel Vaillancourt Archambault Benoît Chouinard Daigle Fréchette Gervais Huot Joly Lalonde
Ménard Plante Robitaille Saint-Amour Théberge Verreault Larivière Beauregard
"""
FRENCH_FAMILIES = _FRENCH_FAMILIES.split()

_FIRST_NAMES = """
Mike Dave Joe Bill Tom Jim Bob Steve Mary Susan Linda Karen Nancy Frank George Henry Sam Pat Ray Al Marie
Jean Luc Pierre Michel André Claude Sylvie Nathalie Isabelle François Réjean Yves Denis Serge Chantal
Louise
"""
FIRST_NAMES = _FIRST_NAMES.split()

_STARTS = """
Birch Maple Cedar Oak Pine Elm Ash Willow River Lake Stone Iron Silver Gold Copper Steel North South East
West Bright Clear Blue Green Red Black White Grey Storm Wind Sun Moon Star Sky Cloud Snow Frost Fire
Ember Hawk Eagle Falcon Raven Wolf Bear Fox Elk Beaver Harbor Bay Cape Cove Summit Ridge Valley Prairie
Meadow Field Forest Timber Granite Slate Flint Crystal Diamond Anchor Beacon Castle Crown Royal Noble
Grand Prime Apex Vertex Nova Terra Aqua Solar Polar Delta Omega Alpha Vector Quantum Fusion Echo Pulse
Core Key Link Bridge Gate Mill Forge Craft Trail Path Way Rock
"""
STARTS = _STARTS.split()
_ENDS = """
line gate field stone wood view point crest side land brook ford port ridge dale mark star craft works
path way bridge tech net link wave light fire rock hill vale haven shore peak cliff
"""
ENDS = _ENDS.split()
_ADJECTIVES = """
Advanced Premier Superior Quality Elite Precision Dynamic Modern United Allied General Central National
International American Canadian Continental Atlantic Pacific Northern Southern Eastern Western Metro
Classic Custom Express Global Pro Total Universal Creative Reliable Standard Select Supreme
"""
ADJECTIVES = _ADJECTIVES.split()
_NOUNS = """
Bison Compass Lantern Orchard Pelican Saddle Thistle Acorn Badger Canoe Domino Easel Feather Gazelle
Heron Ivory Jigsaw Kestrel Lynx Magnet Nectar Otter Puffin Quill Rooster Sparrow Tulip Umbrella Violet
Walnut Yarrow Zephyr Cobalt Crimson Marigold Juniper Saffron Sequoia Tamarack Trillium Wapiti Loon Moose
Osprey Heather Clover Bramble Cypress Dahlia Fern Ginger Hazel Indigo Jasper Laurel Mosaic Nimbus Opal
Pepper Quarry Ruby Sable Topaz Velvet Willow Zenith
"""
NOUNS = _NOUNS.split()

# English and French; the first word of the French is what the name begins with
_TRADES = """
Printing|Imprimerie; Plumbing|Plomberie; Construction|Construction; Roofing|Toitures; Electric|Électrique
Landscaping|Aménagement paysager; Transport|Transport; Trucking|Camionnage; Bakery|Boulangerie
Pharmacy|Pharmacie; Insurance|Assurances; Real Estate|Immobilier; Consulting|Conseil; Engineering|Génie
Manufacturing|Fabrication; Distribution|Distribution; Auto Repair|Garage; Dental Clinic|Clinique dentaire
Veterinary Clinic|Clinique vétérinaire; Law Office|Avocats; Accounting|Comptables; Embroidery|Broderie
Signs|Enseignes; Promotions|Promotions; Apparel|Vêtements; Uniforms|Uniformes; Sports|Sports
Restaurant|Restaurant; Catering|Traiteur; Brewery|Brasserie; Foods|Aliments; Farms|Fermes
Hardware|Quincaillerie; Furniture|Meubles; Flooring|Planchers; Windows and Doors|Portes et fenêtres
Heating and Cooling|Chauffage et climatisation; Welding|Soudure; Machine Shop|Usinage
Packaging|Emballages; Plastics|Plastiques; Metals|Métaux; Lumber|Bois; Fitness|Centre sportif
Travel|Voyages; Photography|Photographie; Media|Médias; Software|Logiciels; Technologies|Technologies
Security|Sécurité; Cleaning|Nettoyage; Staffing|Placement; Financial Services|Services financiers
Industries|Industries; Equipment Rental|Location d'équipement; Marine|Marine; Nursery|Pépinière
Jewellers|Bijouterie; Optical|Optique; Funeral Home|Maison funéraire; School|École
Community Centre|Centre communautaire; Foundation|Fondation; Hotel|Hôtel; Golf Club|Club de golf
Paving|Pavage; Excavating|Excavation; Painting|Peinture; Logistics|Logistique; Supply|Fournitures
Marketing|Marketing; Events|Événements; Music|Musique; Outfitters|Pourvoirie
"""
TRADES = tuple(
    tuple(pair.strip().split("|")) for line in _TRADES.strip().splitlines() for pair in line.split(";")
)
ENGLISH_FORMS = (
    "Inc.",
    "Inc",
    "LLC",
    "Ltd.",
    "Ltd",
    "Corp.",
    "Co.",
    "Limited",
    "Company",
    "L.L.C.",
    "Incorporated",
)
FRENCH_FORMS = ("inc.", "Inc.", "ltée", "enr.", "Limitée", "S.E.N.C.", "cie")
# What a word is also written as, the other way round as well
SHORTENED = {
    "International": ("Intl", "Int'l", "Internat'l"),
    "Manufacturing": ("Mfg", "Mfg."),
    "Brothers": ("Bros", "Bros."),
    "Associates": ("Assoc", "Assoc."),
    "Company": ("Co.", "Co"),
    "National": ("Nat'l", "Natl"),
    "Services": ("Svcs", "Serv."),
    "Engineering": ("Eng.", "Engr"),
    "Construction": ("Const.", "Constr."),
    "Technologies": ("Tech", "Technology"),
    "Industries": ("Ind.", "Inds"),
    "Distribution": ("Dist.", "Distr."),
    "Equipment": ("Equip.", "Eqpt"),
    "Enterprises": ("Ent.", "Entr."),
    "Entreprises": ("Entr.", "Ent."),
    "Centre": ("Center", "Ctr"),
    "Group": ("Grp", "Grp."),
    "Supply": ("Supp.", "Supplies"),
    "Transport": ("Transp.", "Transportation"),
    "Electric": ("Elec.", "Electrical"),
    "Canadian": ("Cdn",),
    "American": ("Amer.",),
    "Heating": ("Htg",),
    "Marketing": ("Mktg",),
    "Saint": ("St", "St."),
    "General": ("Gen.", "Gen'l"),
    "Jewellers": ("Jewelers",),
    "Restaurant": ("Rest.", "Resto"),
    "Foundation": ("Fdn",),
}
# The first is the most usual
_FREE_DOMAINS = """
gmail.com gmail.com gmail.com outlook.com hotmail.com yahoo.com yahoo.ca videotron.ca sympatico.ca bell.net
hotmail.ca icloud.com aol.com live.ca comcast.net rogers.com
"""
FREE_DOMAINS = _FREE_DOMAINS.split()
_LOCAL_PARTS = (
    "info office admin sales orders ap accounting contact hello compta ventes facturation commandes"
)
LOCAL_PARTS = _LOCAL_PARTS.split()
