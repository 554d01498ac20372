"""Questions as people send them, and the article of the starter policy that answers each, if any.

`""` is for a person: the article would answer another question, or a part of this one.
"""

from typing import NamedTuple


class Asked(NamedTuple):
    """One question; `ahead` says that it is asked in the week of Thanksgiving."""

    text: str
    article: str
    ahead: bool = False


HOURS, PARKING, PASSWORD, FIRST = "hours", "directions", "portal-password", "first-visit"

QUESTIONS = (
    Asked("What are your hours?", HOURS),
    Asked("What are your hours on Friday?", HOURS),
    Asked("what time do you open tomorrow", HOURS),
    Asked("Are you open on Saturday?", HOURS),
    Asked("When do you close for lunch?", HOURS),
    Asked("Hi, how late are you open on Fridays? Thanks", HOURS),
    Asked("Good morning, could you please tell me your opening hours? Thank you very much", HOURS),
    Asked("are you guys open on weekends", HOURS),
    Asked("What time does the clinic close today?", HOURS),
    Asked("Hello! Is the office open now?", HOURS),
    Asked("office hours pls", HOURS),
    Asked("¿Cuál es su horario?", HOURS),
    Asked("Buenos días, ¿a qué hora abren los sábados? Gracias", HOURS),
    Asked("¿Están abiertos el viernes por la tarde?", HOURS),
    Asked("a que hora cierran hoy", HOURS),
    Asked("Hola, quisiera saber el horario de la clínica, por favor.", HOURS),
    Asked("¿Abren los domingos?", HOURS),
    Asked("Where can I park?", PARKING),
    Asked("Is there parking for wheelchair users?", PARKING),
    Asked("Do you have free parking?", PARKING),
    Asked("Hi, where do I park my car when I come? Thanks!", PARKING),
    Asked("Is the building wheelchair accessible?", PARKING),
    Asked("¿Dónde puedo estacionar?", PARKING),
    Asked("Hola, ¿hay estacionamiento gratuito?", PARKING),
    Asked("¿Dónde estaciono el carro?", PARKING),
    Asked("¿Hay acceso para silla de ruedas?", PARKING),
    Asked("What should I bring to my first appointment?", FIRST),
    Asked("Hi, what do I bring to my first visit?", FIRST),
    Asked("What should a new patient bring?", FIRST),
    Asked("¿Qué tengo que llevar a mi primera cita?", FIRST),
    Asked("Buenas tardes, ¿qué debo traer a la primera cita?", FIRST),
    # Certain days, and what is usual no longer is.
    Asked("Are you open on Thanksgiving?", ""),
    Asked("Hi, are you guys open the day after christmas?", ""),
    Asked("What are your holiday hours?", ""),
    Asked("Are you open tomorrow?", "", ahead=True),
    Asked("What time do you close on Friday?", "", ahead=True),
    Asked("¿Abren el jueves?", "", ahead=True),
    Asked("What are your hours?", HOURS, ahead=True),
    Asked("¿Abren en Navidad?", ""),
    Asked("Is the office open during the snow storm?", ""),
    # Somebody else's hours.
    Asked("what time does the lab open", ""),
    Asked("What are the pharmacy's hours?", ""),
    Asked("What are Dr. Patel's hours on Friday?", ""),
    Asked("Is Dr. Patel in on Friday?", ""),
    Asked("What time is my appointment on Friday?", ""),
    Asked("When is the billing department open?", ""),
    Asked("what hours do you do flu shots", ""),
    Asked("¿A qué hora abre el laboratorio?", ""),
    Asked("¿Hasta qué hora está la doctora Ruiz hoy?", ""),
    Asked("Are you open for walk-ins on Saturday?", ""),
    Asked("Do you have evening appointments after 6pm?", ""),
    Asked("Can I come in on Saturday to drop off a urine sample?", ""),
    # A complaint is no question.
    Asked("Why were you closed on Friday when I came?", ""),
    Asked("I drove an hour and you were closed. Your hours online are wrong.", ""),
    Asked("Nobody was there on Monday at 8, are you open or not??", ""),
    # The way there, which the article does not tell.
    Asked("How do I get to the clinic from the highway?", ""),
    Asked("What is your address?", ""),
    Asked("Which bus stops near you?", ""),
    Asked("Is there a bus to the clinic?", ""),
    Asked("Can I park overnight while my husband has surgery?", ""),
    Asked("Somebody hit my car in your parking lot", ""),
    Asked("I got a ticket for parking in your lot yesterday", ""),
    Asked("Do you validate parking?", ""),
    Asked("Is there a charging station for electric cars in the parking lot?", ""),
    Asked("¿Qué autobús llega a la clínica?", ""),
    Asked("Me chocaron el carro en su estacionamiento", ""),
    # Other questions about us.
    Asked("what is your fax number", ""),
    Asked("Do you take walk-ins?", ""),
    Asked("Do you accept Medicaid?", ""),
    Asked("Do you have doctors who speak Vietnamese?", ""),
    Asked("Can my sister come to the visit with me?", ""),
    Asked("Can I bring my dog to my first visit?", ""),
    Asked("Should I bring my son's asthma inhaler to his first appointment?", ""),
    Asked("What do I need to bring to my colonoscopy?", ""),
    Asked("¿Puedo llevar a mi bebé a mi primera cita?", ""),
    Asked("I am a new patient and want to schedule my first visit", ""),
    Asked("How do I message my doctor in the portal?", ""),
    Asked("the portal says my account is locked", ""),
    Asked("Someone else's results are in my portal", ""),
    Asked("I never got the password email and now my refill request is lost", ""),
    # Two things at once.
    Asked("My bill is wrong, and what are your hours?", ""),
    Asked("What are your hours? I need to refill my lisinopril", ""),
    Asked("Are you open on Saturday? I want to cancel my appointment", ""),
    Asked("¿Cuál es su horario? Necesito una receta nueva", ""),
    Asked("Where do I park and how much is the copay?", ""),
    # What no robot answers.
    Asked("What are your hours? I have chest pain", ""),
    Asked("are you open now my baby is not breathing right", ""),
    Asked("Are you open? I want to end my life", ""),
    Asked("¿Están abiertos? Mi mamá tiene dolor de pecho", ""),
    Asked("Where can I park, my leg is swollen and I can't walk far", ""),
    Asked("Thanks!", ""),
    Asked("hola", ""),
)
